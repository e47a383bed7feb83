//! The words of plain pages, in each language that they speak.
//!
//! Numbers stand behind their words ("Replies: 84"), so that no language needs its plurals.

use actix_web::HttpRequest;
use serde::Deserialize;
use url::form_urlencoded;

/// A language of the pages' own words.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    De,
    Fr,
    Es,
    Ar,
}

impl Language {
    /// All of them.
    const ALL: [Self; 5] = [Self::En, Self::De, Self::Fr, Self::Es, Self::Ar];

    /// The one that an address asks for, also one that is not valid otherwise.
    pub fn asked(request: &HttpRequest) -> Self {
        let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
        let tag = pairs.find_map(|(name, value)| (name == "lang").then_some(value));
        tag.and_then(|tag| Self::ALL.into_iter().find(|language| language.tag() == tag)).unwrap_or_default()
    }

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Ar => "ar",
        }
    }

    /// In which direction it is written.
    pub fn direction(self) -> &'static str {
        if self == Self::Ar { "rtl" } else { "ltr" }
    }

    /// What an address that has parameters says of it.
    pub fn parameter(self) -> String {
        if self == Self::default() { String::new() } else { format!("&lang={}", self.tag()) }
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Self::En => &EN,
            Self::De => &DE,
            Self::Fr => &FR,
            Self::Es => &ES,
            Self::Ar => &AR,
        }
    }
}

/// See the module's description.
pub struct Words {
    pub replies: &'static str,
    pub order: &'static str,
    pub newest: &'static str,
    pub oldest: &'static str,
    pub top: &'static str,
    pub nothing: &'static str,
    pub closed: &'static str,
    pub tombstone: &'static str,
    pub edited: &'static str,
    pub edited_by_staff: &'static str,
    pub featured: &'static str,
    pub recommended: &'static str,
    pub author: &'static str,
    pub moderator: &'static str,
    pub admin: &'static str,
    pub link: &'static str,
    pub answer: &'static str,
    pub write: &'static str,
    pub more: &'static str,
    pub next: &'static str,
    pub whole: &'static str,
    pub left_out: &'static str,
    /// On the way of what is written.
    pub your_reply: &'static str,
    pub in_answer_to: &'static str,
    pub markdown: &'static str,
    pub go_on: &'static str,
    pub preview: &'static str,
    pub change: &'static str,
    pub sign_in: &'static str,
    pub name_or_email: &'static str,
    pub password: &'static str,
    pub code: &'static str,
    pub post: &'static str,
    pub post_as: &'static str,
    pub sign_out: &'static str,
    pub signed_out: &'static str,
    pub leave_empty: &'static str,
    pub is_public: &'static str,
    pub waits: &'static str,
    pub refused: &'static str,
    pub failed: &'static str,
    pub needs_script: &'static str,
    pub back: &'static str,
}

static EN: Words = Words {
    replies: "Replies",
    order: "Order",
    newest: "Newest",
    oldest: "Oldest",
    top: "Top",
    nothing: "Nobody has replied yet.",
    closed: "This discussion is closed.",
    tombstone: "This reply is not shown.",
    edited: "edited",
    edited_by_staff: "edited by the newsroom",
    featured: "Featured",
    recommended: "Recommended",
    author: "Author",
    moderator: "Moderator",
    admin: "Admin",
    link: "Link to this reply",
    answer: "Reply",
    write: "Write a reply",
    more: "More answers",
    next: "More replies",
    whole: "The whole discussion",
    left_out: "Earlier replies that are not shown here",
    your_reply: "Your reply",
    in_answer_to: "In answer to",
    markdown: "Plain text or Markdown.",
    go_on: "Go on",
    preview: "As it will be shown",
    change: "Change the text",
    sign_in: "Sign in",
    name_or_email: "Username or e-mail",
    password: "Password",
    code: "Code of the second factor, if you have one",
    post: "Post",
    post_as: "You are signed in as",
    sign_out: "Sign out",
    signed_out: "You are signed out.",
    leave_empty: "Leave this empty",
    is_public: "Your reply is public.",
    waits: "Thank you. Your reply waits for a moderator.",
    refused: "Your reply is not shown: the site's rules refuse it.",
    failed: "That did not work.",
    needs_script: "So many new readers write at present that your browser would have to work for it, which it does by script alone. \
                   Try again later, or with script.",
    back: "Back to the discussion",
};

static DE: Words = Words {
    replies: "Antworten",
    order: "Reihenfolge",
    newest: "Neueste",
    oldest: "Älteste",
    top: "Beste",
    nothing: "Noch hat niemand geantwortet.",
    closed: "Diese Diskussion ist geschlossen.",
    tombstone: "Diese Antwort wird nicht gezeigt.",
    edited: "bearbeitet",
    edited_by_staff: "von der Redaktion bearbeitet",
    featured: "Hervorgehoben",
    recommended: "Empfohlen",
    author: "Autor",
    moderator: "Moderation",
    admin: "Leitung",
    link: "Link zu dieser Antwort",
    answer: "Antworten",
    write: "Eine Antwort schreiben",
    more: "Mehr Antworten hierauf",
    next: "Mehr Antworten",
    whole: "Die ganze Diskussion",
    left_out: "Frühere Antworten, die hier nicht stehen",
    your_reply: "Ihre Antwort",
    in_answer_to: "Antwort auf",
    markdown: "Einfacher Text oder Markdown.",
    go_on: "Weiter",
    preview: "So wird sie gezeigt",
    change: "Den Text ändern",
    sign_in: "Anmelden",
    name_or_email: "Benutzername oder E-Mail",
    password: "Passwort",
    code: "Code des zweiten Faktors, falls Sie einen haben",
    post: "Absenden",
    post_as: "Angemeldet als",
    sign_out: "Abmelden",
    signed_out: "Sie sind abgemeldet.",
    leave_empty: "Bitte leer lassen",
    is_public: "Ihre Antwort ist öffentlich.",
    waits: "Danke. Ihre Antwort wartet auf die Moderation.",
    refused: "Ihre Antwort wird nicht gezeigt: Die Regeln der Website lehnen sie ab.",
    failed: "Das ging nicht.",
    needs_script: "Zurzeit schreiben so viele neue Leser, dass Ihr Browser dafür rechnen müsste, und das kann er nur mit Skript. \
                   Bitte versuchen Sie es später oder mit Skript.",
    back: "Zurück zur Diskussion",
};

static FR: Words = Words {
    replies: "Réponses",
    order: "Ordre",
    newest: "Les plus récentes",
    oldest: "Les plus anciennes",
    top: "Les meilleures",
    nothing: "Personne n’a encore répondu.",
    closed: "Cette discussion est fermée.",
    tombstone: "Cette réponse n’est pas affichée.",
    edited: "modifiée",
    edited_by_staff: "modifiée par la rédaction",
    featured: "Mise en avant",
    recommended: "Recommandée",
    author: "Auteur",
    moderator: "Modération",
    admin: "Administration",
    link: "Lien vers cette réponse",
    answer: "Répondre",
    write: "Écrire une réponse",
    more: "Plus de réponses à celle-ci",
    next: "Plus de réponses",
    whole: "Toute la discussion",
    left_out: "Réponses antérieures qui ne figurent pas ici",
    your_reply: "Votre réponse",
    in_answer_to: "En réponse à",
    markdown: "Texte simple ou Markdown.",
    go_on: "Continuer",
    preview: "Telle qu’elle sera affichée",
    change: "Modifier le texte",
    sign_in: "Se connecter",
    name_or_email: "Nom d’utilisateur ou adresse e-mail",
    password: "Mot de passe",
    code: "Code du second facteur, si vous en avez un",
    post: "Publier",
    post_as: "Connecté en tant que",
    sign_out: "Se déconnecter",
    signed_out: "Vous êtes déconnecté.",
    leave_empty: "Laissez ce champ vide",
    is_public: "Votre réponse est publique.",
    waits: "Merci. Votre réponse attend la modération.",
    refused: "Votre réponse n’est pas affichée : les règles du site la refusent.",
    failed: "Cela n’a pas fonctionné.",
    needs_script: "Tant de nouveaux lecteurs écrivent en ce moment que votre navigateur devrait calculer pour cela, ce qu’il ne fait \
                   qu’avec un script. Réessayez plus tard, ou avec les scripts activés.",
    back: "Retour à la discussion",
};

static ES: Words = Words {
    replies: "Respuestas",
    order: "Orden",
    newest: "Más recientes",
    oldest: "Más antiguas",
    top: "Mejores",
    nothing: "Nadie ha respondido todavía.",
    closed: "Esta discusión está cerrada.",
    tombstone: "Esta respuesta no se muestra.",
    edited: "editada",
    edited_by_staff: "editada por la redacción",
    featured: "Destacada",
    recommended: "Recomendada",
    author: "Autor",
    moderator: "Moderación",
    admin: "Administración",
    link: "Enlace a esta respuesta",
    answer: "Responder",
    write: "Escribir una respuesta",
    more: "Más respuestas a esta",
    next: "Más respuestas",
    whole: "Toda la discusión",
    left_out: "Respuestas anteriores que no se muestran aquí",
    your_reply: "Su respuesta",
    in_answer_to: "En respuesta a",
    markdown: "Texto simple o Markdown.",
    go_on: "Continuar",
    preview: "Así se mostrará",
    change: "Cambiar el texto",
    sign_in: "Iniciar sesión",
    name_or_email: "Nombre de usuario o correo electrónico",
    password: "Contraseña",
    code: "Código del segundo factor, si tiene uno",
    post: "Publicar",
    post_as: "Sesión iniciada como",
    sign_out: "Cerrar sesión",
    signed_out: "La sesión está cerrada.",
    leave_empty: "Deje este campo vacío",
    is_public: "Su respuesta es pública.",
    waits: "Gracias. Su respuesta espera a la moderación.",
    refused: "Su respuesta no se muestra: las reglas del sitio la rechazan.",
    failed: "No ha funcionado.",
    needs_script: "Escriben tantos lectores nuevos en este momento que su navegador tendría que calcular para ello, y solo lo hace con \
                   scripts. Inténtelo más tarde o con los scripts activados.",
    back: "Volver a la discusión",
};

static AR: Words = Words {
    replies: "الردود",
    order: "الترتيب",
    newest: "الأحدث",
    oldest: "الأقدم",
    top: "الأفضل",
    nothing: "لم يردّ أحد بعد.",
    closed: "هذا النقاش مغلق.",
    tombstone: "هذا الرد غير معروض.",
    edited: "معدَّل",
    edited_by_staff: "عدّلته هيئة التحرير",
    featured: "مميَّز",
    recommended: "التوصيات",
    author: "الكاتب",
    moderator: "الإشراف",
    admin: "الإدارة",
    link: "رابط هذا الرد",
    answer: "ردّ",
    write: "اكتب ردًّا",
    more: "مزيد من الردود عليه",
    next: "مزيد من الردود",
    whole: "النقاش كاملًا",
    left_out: "ردود سابقة غير معروضة هنا",
    your_reply: "ردّك",
    in_answer_to: "ردًّا على",
    markdown: "نص عادي أو Markdown.",
    go_on: "متابعة",
    preview: "هكذا سيُعرض",
    change: "تغيير النص",
    sign_in: "تسجيل الدخول",
    name_or_email: "اسم المستخدم أو البريد الإلكتروني",
    password: "كلمة المرور",
    code: "رمز العامل الثاني إن كان لديك",
    post: "نشر",
    post_as: "سجّلت الدخول باسم",
    sign_out: "تسجيل الخروج",
    signed_out: "تم تسجيل خروجك.",
    leave_empty: "اترك هذا الحقل فارغًا",
    is_public: "ردّك منشور.",
    waits: "شكرًا. ردّك بانتظار الإشراف.",
    refused: "لن يُعرض ردّك: قواعد الموقع ترفضه.",
    failed: "لم ينجح ذلك.",
    needs_script: "يكتب الآن قرّاء جدد كثيرون، فعلى متصفحك أن يحسب من أجل ذلك، ولا يفعله إلا بالسكربت. حاول لاحقًا أو فعّل السكربت.",
    back: "العودة إلى النقاش",
};
