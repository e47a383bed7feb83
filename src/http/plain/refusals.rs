//! What is said on plain pages of what was refused, in each language of theirs.

use super::words::Language;
use crate::http::problem::{Code, Problem};

/// A problem for who reads this language: in English with all that is known of it, in others what its code says.
pub fn told(language: Language, problem: &Problem) -> String {
    let column = match language {
        Language::En => return problem.told(),
        Language::De => 0,
        Language::Fr => 1,
        Language::Es => 2,
        Language::Ar => 3,
    };
    let row = OTHERS.iter().find(|(code, _)| *code == problem.code());
    row.map_or(language.words().failed, |(_, words)| words[column]).to_owned()
}

/// In German, French, Spanish, and Arabic.
static OTHERS: &[(Code, [&str; 4])] = &[
    (
        Code::WrongCredentials,
        [
            "Name und Passwort passen nicht zusammen.",
            "Le nom et le mot de passe ne vont pas ensemble.",
            "El nombre y la contraseña no concuerdan.",
            "الاسم وكلمة السر لا يتوافقان.",
        ],
    ),
    (
        Code::SecondFactorRequired,
        [
            "Es braucht auch einen Code Ihres zweiten Faktors.",
            "Il faut aussi un code de votre second facteur.",
            "Hace falta también un código de su segundo factor.",
            "يلزم أيضًا رمز من العامل الثاني.",
        ],
    ),
    (
        Code::WrongCode,
        [
            "Dieser Code ist falsch oder wurde schon verwendet.",
            "Ce code est faux, ou déjà utilisé.",
            "Este código es erróneo o ya se usó.",
            "هذا الرمز خاطئ أو سبق استعماله.",
        ],
    ),
    (
        Code::TooManyAttempts,
        [
            "Zu viele Versuche. Bitte warten Sie ein paar Minuten.",
            "Trop d’essais. Patientez quelques minutes.",
            "Demasiados intentos. Espere unos minutos.",
            "محاولات كثيرة جدًا. انتظر بضع دقائق.",
        ],
    ),
    (
        Code::TooManyReplies,
        [
            "Sie schreiben schneller, als wir lesen. Bitte warten Sie eine Minute.",
            "Vous écrivez plus vite que nous ne lisons. Patientez une minute.",
            "Escribe más rápido de lo que leemos. Espere un minuto.",
            "تكتب أسرع مما نقرأ. انتظر دقيقة.",
        ],
    ),
    (
        Code::TooManyRequests,
        [
            "Das war viel auf einmal. Bitte warten Sie einen Moment.",
            "C’était beaucoup à la fois. Patientez un moment.",
            "Fue mucho de una vez. Espere un momento.",
            "كان ذلك كثيرًا دفعة واحدة. انتظر لحظة.",
        ],
    ),
    (
        Code::Forbidden,
        ["Das dürfen Sie nicht.", "Vous n’en avez pas le droit.", "No puede hacer eso.", "لا يحق لك ذلك."],
    ),
    (
        Code::Suspended,
        [
            "Sie dürfen hier zurzeit nicht schreiben.",
            "Vous ne pouvez pas écrire ici en ce moment.",
            "Ahora no puede escribir aquí.",
            "لا يمكنك الكتابة هنا حاليًا.",
        ],
    ),
    (
        Code::WarningUnread,
        [
            "Bitte lesen Sie zuerst die Verwarnung der Moderation; sie wird nur mit Skript gezeigt.",
            "Lisez d’abord l’avertissement de la modération ; seul un script peut le montrer.",
            "Lea antes la advertencia de la moderación; solo se muestra con script.",
            "اقرأ أولًا تحذير المشرف؛ ولا يظهر إلا بوجود السكربت.",
        ],
    ),
    (
        Code::EmailUnverified,
        [
            "Bitte bestätigen Sie zuerst Ihre E-Mail.",
            "Confirmez d’abord votre e-mail.",
            "Confirme antes su correo.",
            "أكّد بريدك الإلكتروني أولًا.",
        ],
    ),
    (
        Code::StoryClosed,
        [
            "Diese Diskussion wurde inzwischen geschlossen.",
            "Cette discussion a été close entre-temps.",
            "Esta conversación se cerró mientras tanto.",
            "أُغلق هذا النقاش في هذه الأثناء.",
        ],
    ),
    (
        Code::ParentNotPublic,
        [
            "Die Antwort, auf die Sie antworten, ist nicht mehr öffentlich.",
            "La réponse à laquelle vous répondez n’est plus publique.",
            "La respuesta a la que contesta ya no es pública.",
            "لم يعد الرد الذي تجيب عنه علنيًا.",
        ],
    ),
    (
        Code::NotFound,
        [
            "Das gibt es nicht, oder nicht mehr.",
            "Cela n’existe pas, ou n’existe plus.",
            "Eso no existe, o ya no existe.",
            "هذا غير موجود، أو لم يعد موجودًا.",
        ],
    ),
    (
        Code::InvalidQuery,
        [
            "Diese Adresse ist nicht richtig geschrieben.",
            "Cette adresse n’est pas bien écrite.",
            "Esta dirección no está bien escrita.",
            "هذا العنوان غير مكتوب كما يجب.",
        ],
    ),
    (
        Code::InvalidCursor,
        [
            "Diese Adresse führt zu keiner Seite dieser Diskussion.",
            "Cette adresse ne mène à aucune page de cette discussion.",
            "Esta dirección no lleva a ninguna página de esta conversación.",
            "لا يقود هذا العنوان إلى أي صفحة من هذا النقاش.",
        ],
    ),
    (
        Code::InvalidFields,
        [
            "Der Text fehlt, ist zu lang, oder enthält etwas, was nicht geht.",
            "Le texte manque, est trop long, ou contient ce qui ne va pas.",
            "El texto falta, es demasiado largo o contiene algo que no puede ser.",
            "النص ناقص أو طويل جدًا أو فيه ما لا يصح.",
        ],
    ),
    (
        Code::IdempotencyMismatch,
        [
            "Das wurde schon mit anderem Text gesendet. Bitte beginnen Sie noch einmal.",
            "C’était déjà envoyé avec un autre texte. Veuillez recommencer.",
            "Ya se envió con otro texto. Empiece de nuevo.",
            "أُرسل هذا من قبل بنص آخر. ابدأ من جديد.",
        ],
    ),
    (
        Code::Busy,
        [
            "Gerade ist viel los. Bitte versuchen Sie es gleich noch einmal.",
            "Il y a beaucoup de monde. Réessayez dans un instant.",
            "Hay mucho movimiento. Inténtelo en un momento.",
            "الإقبال كبير الآن. حاول بعد قليل.",
        ],
    ),
    (
        Code::StorageFull,
        [
            "Zurzeit ist kein Platz, etwas aufzubewahren.",
            "Il n’y a pas de place pour garder quoi que ce soit en ce moment.",
            "Ahora no hay sitio para guardar nada.",
            "لا مكان لحفظ أي شيء حاليًا.",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{auth::permission::Operation, http::openapi::own_codes};

    const OTHER_LANGUAGES: [Language; 4] = [Language::De, Language::Fr, Language::Es, Language::Ar];

    #[test]
    fn what_signing_in_and_posting_refuse_is_said_in_each_language() {
        let of_operations = [Operation::CreateSession, Operation::CreateReply].map(own_codes).concat();
        let of_all = [Code::Suspended, Code::Forbidden, Code::InvalidFields, Code::TooManyRequests, Code::Busy];
        let of_addresses = [Code::NotFound, Code::InvalidQuery, Code::InvalidCursor];
        // the page says that itself, as it can only be done with script
        let codes =
            of_operations.into_iter().chain(of_all).chain(of_addresses).filter(|code| *code != Code::WorkNeeded);
        for code in codes {
            let problem = Problem::new(code);
            let mut all = OTHER_LANGUAGES.map(|language| told(language, &problem)).to_vec();
            for (language, words) in OTHER_LANGUAGES.iter().zip(&all) {
                assert_ne!(words, language.words().failed, "{code:?}");
            }
            all.push(told(Language::En, &problem));
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 5, "{code:?}: {all:?}");
        }
    }

    #[test]
    fn what_nobody_expects_is_said_to_have_failed() {
        assert_eq!(told(Language::De, &Problem::new(Code::Internal)), "Das ging nicht.");
    }
}
