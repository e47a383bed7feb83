// Made by `npm run types` out of tests/snapshots/openapi.json.

export interface paths {
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up
         * @description The new account is signed in, by its username from then on too. A mail asks to confirm the address; until that is done it
         *     belongs to nobody and signs nobody in. The answer is the same where another account has the address: then its owner is
         *     written. While many sign up, each try takes a solved challenge.
         *
         *     Everybody may, without a token.
         */
        post: operations["create_account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an account
         * @description Everybody may, and all get the same answer.
         */
        get: operations["show_account"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List notes about an account
         * @description The newest first: those of sites that one moderates; admins see all.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        get: operations["list_account_notes"];
        put?: never;
        /**
         * Note something about an account
         * @description Moderators of the site may, and admins.
         */
        post: operations["add_account_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an account's public replies
         * @description On all sites, the newest first.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["list_account_replies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/sanctions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an account's sanctions
         * @description The newest first, past and lifted ones too; moderators see those on their sites and those everywhere.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        get: operations["list_sanctions"];
        put?: never;
        /**
         * Impose a sanction
         * @description Acts at once, also on access tokens already given out. Never on staff of the same or a higher rank, nor on oneself; one
         *     of a kind at a place, of which the second is told (409).
         *
         *     Moderators of the site may, and admins, about an account of lower rank; everywhere only admins.
         */
        post: operations["impose_sanction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/sanctions/{sanction_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Lift a sanction
         * @description Lifting what is lifted or over changes nothing.
         *
         *     Moderators of the site may, and admins, about an account of lower rank; everywhere only admins.
         */
        delete: operations["lift_sanction"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an account's sessions
         * @description The newest first.
         *
         *     Admins may.
         */
        get: operations["list_sessions_of_account"];
        put?: never;
        post?: never;
        /**
         * End all sessions of an account
         * @description At once. The log says so.
         *
         *     Admins may.
         */
        delete: operations["end_sessions_of_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session of an account
         * @description At once. The log says so.
         *
         *     Admins may.
         */
        delete: operations["end_session_of_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a challenge
         * @description To be solved by a newcomer's browser where many come at once, as ALTCHA's protocol says, and shown once within ten minutes in
         *     the header `Altcha` of what it is for: `{"challenge": ..., "solution": ...}` as JSON in base64.
         *
         *     Everybody may, without a token.
         */
        post: operations["create_challenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count replies
         * @description Of up to 500 stories; unknown ones are marked. What does not fit into an address goes by POST.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["count_replies"];
        put?: never;
        /**
         * Count replies of many stories
         * @description Everybody may, and all get the same answer.
         */
        post: operations["query_counts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/email/confirmations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an e-mail address
         * @description By the link that was mailed there, once.
         *
         *     Everybody may, without a token.
         */
        post: operations["confirm_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/email/restorations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a change of an e-mail address back
         * @description By the link that was mailed to the former address, within seven days. That is the account's again; all its sessions end,
         *     its password is void, identities and a second factor that came since are removed, and a mail tells how to choose another password.
         *
         *     Everybody may, without a token.
         */
        post: operations["restore_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show me
         * @description Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["show_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change my names
         * @description Whoever is signed in may, also who is suspended on the site.
         */
        patch: operations["update_me"];
        trace?: never;
    };
    "/api/v1/me/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List replies that I may claim
         * @description Comments that a blog brought along from before, under my confirmed e-mail address. Without one there are none.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["list_claimable_authors"];
        put?: never;
        /**
         * Claim replies as mine
         * @description Those under my confirmed e-mail address, for good. They become mine within moments, and are shown without a name until then.
         *     Badges, roles and sanctions of before do not follow; as long as a sanction holds the claim is refused.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["claim_authors"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close my account
         * @description After 24 hours, in which it can be undone, and then for good: e-mail, names and password are forgotten, its sessions, roles
         *     and identities end, and what the log says of it in words is erased. Its replies stay, without a name, or are withdrawn and
         *     their texts erased with all former ones; replies of others stay. A mail tells when.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["close_account"];
        /**
         * Keep my account
         * @description Takes it back that it is to be closed; nothing was lost. Where it is not to be closed, nothing happens.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        delete: operations["keep_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how far my data is
         * @description Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["show_own_data"];
        put?: never;
        /**
         * Ask for all my data
         * @description A ZIP file is put together: JSON for programs, and a page to be read. It holds the account, its sessions and identities, all
         *     replies with their former texts, recommendations, reports, notices, sanctions, claims, and who is muted. Once a day; it can be
         *     fetched for three days. A mail tells when it is ready.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["request_own_data"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/data/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fetch my data
         * @description The file that was put together, once it is ready.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["download_own_data"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change my e-mail address
         * @description A mail there asks to confirm it; until then the present one stays. The answer is the same where another account has the
         *     address: then its owner is written. The former address is written once it is changed, with a way back for seven days.
         *     The present address named again takes an unconfirmed one back.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        put: operations["change_email"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/email/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send me a code
         * @description Another mail to the address that waits to be confirmed, or to the present one if it is not; the codes mailed before are good
         *     no more.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["send_email_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/email/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm my e-mail address
         * @description By the digits that were mailed there, of which five tries are good.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["confirm_my_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my identities
         * @description By which sites' tokens one signs on.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["list_identities"];
        put?: never;
        /**
         * Join an identity to my account
         * @description From then on one signs on by the site's tokens as oneself. Who is an admin signs in by his password alone.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["add_identity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/identities/{identity_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove one of my identities
         * @description Nobody signs on by it any more; the sessions that began by it end, this one perhaps, and roles and badges that came by it go. The
         *     last way to sign in stays.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        delete: operations["delete_identity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/mutes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List whom one mutes
         * @description Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["list_mutes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/mutes/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Mute an account
         * @description For oneself alone, and nobody is told. What it says stays on public pages; `/mine` tells whose replies to hide.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        put: operations["mute_account"];
        post?: never;
        /**
         * Mute an account no more
         * @description Whoever is signed in may, also who is suspended on the site.
         */
        delete: operations["unmute_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change my password
         * @description Ends all other sessions of the account.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        put: operations["change_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's own reports
         * @description The newest first, with what came of them.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["list_own_reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sanctions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's own sanctions
         * @description The newest first, past and lifted ones too; also for who may nothing else any more.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["list_own_sanctions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sanctions/{sanction_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that one has read a warning
         * @description From then on one may post again. Saying so twice changes nothing.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["read_warning"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show my second factor
         * @description Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["show_second_factor"];
        put?: never;
        /**
         * Set up a second factor
         * @description Gives a secret for a device that makes codes (RFC 6238). Signing in takes none until the first one is confirmed, within an
         *     hour.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["begin_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm my second factor
         * @description By the first code from the device. Signing in takes a code from now on; all other sessions end.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["confirm_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get new recovery codes
         * @description In place of those that are left.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["renew_recovery_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove my second factor
         * @description Signing in takes none from now on; all other sessions end. Where staff are to have one, one's rights as staff sleep until
         *     another is set up.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["remove_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my sessions
         * @description Where one is signed in, the newest first.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        /**
         * End all my other sessions
         * @description Whoever is signed in may, also who is suspended on the site.
         */
        delete: operations["end_other_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of my sessions
         * @description At once, with the access tokens that it was given.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/appeals/{appeal_id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide an appeal
         * @description `upheld` leaves the reply refused, `overturned` makes it public where it stood. On the version that was looked at. Not by
         *     those who refused the reply, if another moderator of the site may decide.
         *
         *     Moderators of the site may, and admins.
         */
        post: operations["decide_appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's decisions about many replies
         * @description The newest first.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        get: operations["list_bulks"];
        put?: never;
        /**
         * Decide about many replies
         * @description With `preview` the answer says what would come of it, and nothing is changed. Else it goes on beside, reply by reply, and
         *     the answer says where its progress stands and what came of each: those that have moved on since they were looked at are
         *     left as they are. Within 24 hours of its end it can be undone.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        post: operations["decide_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/bulk/{bulk_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a decision about many replies
         * @description How far it is.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        get: operations["show_bulk"];
        put?: never;
        post?: never;
        /**
         * End a decision about many replies
         * @description Soon; what was decided until then stays decided, and can be undone. The log says so (`cancel_bulk`) where it says that it
         *     was begun.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        delete: operations["cancel_bulk"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/bulk/{bulk_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the replies of a decision about many
         * @description With what came of each; they are kept for 30 days.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        get: operations["list_bulk_items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/bulk/{bulk_id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo a decision about many replies
         * @description Each is put back to how it stood, with its flag, its reports and its place in the queues, unless it has moved on since.
         *     Within 24 hours, once, by who wanted it or an admin.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        post: operations["undo_bulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List cases
         * @description Those opened longest ago first.
         *
         *     Moderators of any site may, about what they moderate, and admins; a key with the scope `moderation:read`.
         */
        get: operations["list_cases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the queues
         * @description By site, kept by the transactions that change them.
         *
         *     Moderators of any site may, about what they moderate, and admins; a key with the scope `counts:read`.
         */
        get: operations["count_queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the queues
         * @description A stream of Server-Sent Events: `queues` (a `QueuesEventView`) at the beginning and after changes; `items` (a
         *     `QueueItemsEventView`) with what entered a queue or left it, was claimed, given back or decided; instead of these
         *     `reset`, where more happened than is told one by one or something may have been missed, which means that a queue on a
         *     screen is to be read anew. So it is when one comes back: where `Last-Event-ID` says that the numbers are known, the
         *     beginning is `reset` alone. Once a second at most. It ends with the session and with the right to moderate. With `since`
         *     the numbers at once and as JSON.
         *
         *     Moderators of any site may, about what they moderate, and admins; a key with the scope `moderation:read`.
         */
        get: operations["list_queue_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the log of no site
         * @description What was done to accounts everywhere, to rights of admins, and what is about no site. The newest first.
         *
         *     Admins may.
         */
        get: operations["list_common_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/mentions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List notes that mention me
         * @description The newest first; not those of sites that one does not moderate any more, so that a page may be short: where
         *     `next_cursor` is there is more to look at.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        get: operations["list_mentions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/mentions/{note_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say that I have read a note that mentions me
         * @description Again changes nothing.
         *
         *     Moderators of the site may, and admins.
         */
        put: operations["read_mention"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the next replies of a queue, or of a saved one
         * @description They are the caller's for 90 s: nobody else is given them. To hold them longer, say so (`PUT …/claim`); they are given
         *     back by `DELETE …/claim`, by a decision, or as the time runs out. Others may look at them and decide all the same.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        post: operations["take_next"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/notes/{note_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a note
         * @description Moderators of the site may, and admins.
         */
        get: operations["show_note"];
        put?: never;
        post?: never;
        /**
         * Delete a note
         * @description One's own, and admins those of others; it goes from the inboxes of those whom it mentions.
         *
         *     Moderators of the site may, and admins.
         */
        delete: operations["delete_note"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List texts with open notices of illegal content
         * @description Those that wait for longest first, each once however many notices are about it. They wait until they are decided
         *     about as notices, whatever becomes of the reply meanwhile.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        get: operations["list_notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/notices/{notice_id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide about the notices of a text
         * @description About all that are open of the text that this one is about. `removed` rejects the reply, with reason `illegal`, or
         *     `other` where its basis is contractual, also where it is refused already, if its author did not take it back; `kept` leaves
         *     it as it is. Notifiers are written to, and where
         *     the reply is removed its author is, with the reasons. On the version of the reply that was looked at: if it moved
         *     on, or somebody else has decided, nothing is overwritten and the answer says how it stands; as does one about a
         *     text that is another by now, unless it names that `revision`.
         *
         *     Moderators of the site may, and admins.
         */
        post: operations["decide_notice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a queue
         * @description Each item with all that a decision needs. A page of a saved queue may be short where its filter takes but a few of many;
         *     where `next_cursor` is there is more to look at.
         *
         *     Moderators of any site may, about what they moderate, and admins; a key with the scope `moderation:read`.
         */
        get: operations["list_queue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies/{reply_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a reply to a moderator
         * @description Moderators of the site may, and admins; a key with the scope `moderation:read`.
         */
        get: operations["show_queued_reply"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies/{reply_id}/case": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the case of a reply
         * @description With all that readers reported, and which text they saw.
         *
         *     Moderators of the site may, and admins; a key with the scope `moderation:read`.
         */
        get: operations["show_case"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies/{reply_id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Hold a waiting reply
         * @description For 90 s from now, also again and again while one looks at it; not an appeal that others are to decide. Refused with 409 if somebody else holds it or if it does not
         *     wait any more: `claim` says who does, `current` how it stands.
         *
         *     Moderators of the site may, and admins.
         */
        put: operations["hold_claim"];
        post?: never;
        /**
         * Give a reply back
         * @description Nothing happens if the caller does not hold it.
         *
         *     Moderators of the site may, and admins.
         */
        delete: operations["release_claim"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies/{reply_id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide about a reply
         * @description On the version that was looked at: if the reply moved on meanwhile, nothing is overwritten and the answer says how
         *     it stands and who did what. Approving, rejecting, returning and marking as spam close its reports. The author of what is
         *     refused or returned is written to.
         *
         *     Moderators of the site may, and admins; a key with the scope `moderation:decide`.
         */
        post: operations["decide_reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies/{reply_id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare two revisions of a reply, word by word
         * @description Moderators of the site may, and admins; a key with the scope `moderation:read`.
         */
        get: operations["compare_revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies/{reply_id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List notes about a reply
         * @description The newest first.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["list_reply_notes"];
        put?: never;
        /**
         * Note something about a reply
         * @description Moderators of the site may, and admins.
         */
        post: operations["add_reply_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies/{reply_id}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the notices about a reply
         * @description The newest first, decided ones too.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["list_reply_notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies/{reply_id}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a reply's former texts
         * @description The newest first; the present one is the reply's own.
         *
         *     Moderators of the site may, and admins; a key with the scope `moderation:read`.
         */
        get: operations["list_revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/replies/{reply_id}/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how a reply came to its state
         * @description Moderators of the site may, and admins; a key with the scope `moderation:read`.
         */
        get: operations["show_trace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/saved-queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List saved queues
         * @description One's own, those assigned to one, and those that are shared by who moderates the same sites.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        get: operations["list_saved_queues"];
        put?: never;
        /**
         * Save a queue
         * @description Moderators of any site may, about what they moderate, and admins.
         */
        post: operations["create_saved_queue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/saved-queues/{saved_queue_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a saved queue
         * @description Moderators of any site may, about what they moderate, and admins.
         */
        get: operations["show_saved_queue"];
        /**
         * Change a saved queue
         * @description As a whole; by who made it, of what is shared or assigned also by admins.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        put: operations["put_saved_queue"];
        post?: never;
        /**
         * Delete a saved queue
         * @description By who made it, of what is shared or assigned also by admins. What is in it stays where it is.
         *
         *     Moderators of any site may, about what they moderate, and admins.
         */
        delete: operations["delete_saved_queue"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/moderation/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search replies
         * @description By words in the text, in the author's names and in the story's headline; of any state. Whatever is typed is understood:
         *     signs that mean nothing are left out. By a name that very many have, the newest 100 accounts and 200 stories are found.
         *
         *     Moderators of any site may, about what they moderate, and admins; a key with the scope `moderation:read`.
         */
        get: operations["search_replies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/confirmations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a notice
         * @description Once: it is received then, and a receipt is sent. Afterwards the same link shows where it stands and what was
         *     decided. What the same person said of the same text before is answered in its place.
         *
         *     Everybody may, without a token.
         */
        post: operations["confirm_notice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a notice of one's own
         * @description Where it stands, and what was decided.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["show_notice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Come back from a provider
         * @description Where providers lead people who signed in there; nobody else asks here. Leads on to the page where he began.
         *
         *     Everybody may, without a token.
         */
        get: operations["finish_oidc_sign_on"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/password-resets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a mail to set a password
         * @description The answer is the same whether an account has the address or not; either is written there.
         *
         *     Everybody may, without a token.
         */
        post: operations["request_password_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/password-resets/completion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a password anew
         * @description By a mailed code, which is good for once. All sessions of the account end, and none begins; what a sanction keeps from its
         *     owner stays so, and a second factor is asked for as before. A password that is refused costs no code.
         *
         *     Everybody may, without a token.
         */
        post: operations["reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/privacy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what is kept of people
         * @description In which form, until when, and what for; with the times that are configured here.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["show_privacy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview a reply
         * @description As it would be shown; nothing is stored.
         *
         *     Whoever is signed in may, also who is suspended on the site; a key with `replies:act_as`, for a reader.
         */
        post: operations["preview_reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a reply
         * @description With its ancestors and the first replies below: what a permanent link leads to.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["show_reply"];
        put?: never;
        post?: never;
        /**
         * Withdraw a reply
         * @description One's own, at any time. It leaves a tombstone if something visible hangs below it; moderators' records keep it.
         *
         *     Whose it is may, unless suspended on the site; a key with `replies:act_as` and `replies:write`, for a reader.
         */
        delete: operations["withdraw_reply"];
        options?: never;
        head?: never;
        /**
         * Edit a reply
         * @description One's own within the site's edit window, or once more where it was returned and its time is not over; staff their own at
         *     any time, moderators those of others on their sites. The new text goes the way of a new reply: where that would wait, the reply waits again, out of public view.
         *
         *     Whose it is may, unless suspended on the site, and moderators of the site; a key with `replies:act_as` and `replies:write`, for a reader.
         */
        patch: operations["update_reply"];
        trace?: never;
    };
    "/api/v1/replies/{reply_id}/appeal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Appeal against a refusal
         * @description Its author, also where he is suspended on the site: once a refusal, as long as the reply is refused and the time is not over,
         *     which the statement tells. Another moderator than those who refused it decides, if there is one.
         *
         *     Whose it is may, also who is suspended on the site; a key with `replies:act_as` and `replies:write`, for a reader.
         */
        post: operations["create_appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply_id}/below": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what is below a reply
         * @description In reading order: each reply before its answers. Goes on where a thread's or a reply's `below` ended.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["list_replies_below"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply_id}/feature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Feature a reply
         * @description It stands last in its story's list. Only a public one; it leaves the list with its being public. Again with the same label
         *     changes nothing; another one is given in the list.
         *
         *     Authors and moderators of the site may, and admins; a key with the scope `featured:write`.
         */
        put: operations["feature_reply"];
        post?: never;
        /**
         * Feature a reply no more
         * @description Of what is not featured nothing changes.
         *
         *     Authors and moderators of the site may, and admins; a key with the scope `featured:write`.
         */
        delete: operations["unfeature_reply"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply_id}/guest-notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give notice without an account that a reply is illegal
         * @description It is received once a link that is sent to the address was followed, and forgotten after 24 hours otherwise, or after one where
         *     very many come. The answer is the same whatever the address is; too many for one address are not written to.
         *
         *     Everybody may, without a token.
         */
        post: operations["create_guest_notice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply_id}/notice-decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show why a reply of one's own was removed after a notice
         * @description To its author: what the last such decision rests on, and what can be done against it. Not who gave notice.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        get: operations["show_notice_decision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply_id}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give notice that a reply is illegal
         * @description It waits for a moderator in a queue of its own, and is decided about with reasons. The same again answers the former
         *     reference. What only breaks the site's rules is reported.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["create_notice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply_id}/recommendation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Recommend a reply
         * @description Once; again changes nothing.
         *
         *     Whoever is signed in and not suspended on the site may; a key with `replies:act_as` and `replies:write`, for a reader.
         */
        put: operations["recommend_reply"];
        post?: never;
        /**
         * Take a recommendation back
         * @description Taking back what was not given changes nothing.
         *
         *     Whoever is signed in and not suspended on the site may; a key with `replies:act_as` and `replies:write`, for a reader.
         */
        delete: operations["unrecommend_reply"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply_id}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report a reply
         * @description One report by reader and reply is open at a time, and all are kept. What somebody's word counts follows from what came of
         *     former reports. The answer is the same whatever the reply's state is. That a reply breaks the law (`illegal`) is told by a
         *     notice, whose form asks for what an answer with reasons needs.
         *
         *     Whoever is signed in and not suspended on the site may; a key with `replies:act_as` and `replies:write`, for a reader.
         */
        post: operations["report_reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replies/{reply_id}/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show why a reply was refused
         * @description To its author, also where he is suspended on the site, and to moderators: on what ground, in the site's words, by a person
         *     or not, about which text, and how to appeal. 404 where it was never refused.
         *
         *     Whose it is may, also who is suspended on the site, and moderators of the site; a key with `replies:act_as`, for a reader.
         */
        get: operations["show_statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description By e-mail or username, and by a code where the account has a second factor. Too many failures for one identifier or from one
         *     address have to wait. With `Rejoinder-Refresh: cookie`, as a page of a site sends it, the refresh token is kept in a cookie
         *     that no script reads; docs/ACCOUNTS.md tells of it.
         *
         *     Everybody may, without a token.
         */
        post: operations["create_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out
         * @description Ends the session of the access token at once.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/current/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show again who I am
         * @description Counts for ten minutes, as signing in does. Who has neither a password nor a second factor signs on again at the blog instead.
         *
         *     Whoever is signed in may, also who is suspended on the site.
         */
        post: operations["prove_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in by a provider's word
         * @description By the code that one came back with, good once, and for the page alone that sent one there.
         *
         *     Everybody may, without a token.
         */
        post: operations["create_oidc_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get new tokens
         * @description Spends the refresh token. A spent one shown again ends the session, except for ten seconds while its successor is
         *     unused: then the answer may have been lost.
         *
         *     Everybody may, without a token.
         */
        post: operations["refresh_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sites
         * @description Everybody may, and all get the same answer.
         */
        get: operations["list_sites"];
        put?: never;
        /**
         * Create a site
         * @description Admins may.
         */
        post: operations["create_site"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a site
         * @description Everybody may, and all get the same answer.
         */
        get: operations["show_site"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a site's settings
         * @description What is absent stays as it is.
         *
         *     Admins may.
         */
        patch: operations["update_site"];
        trace?: never;
    };
    "/api/v1/sites/{site}/badges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a site's badges
         * @description Those that are given, in the order of their keys; what roles show is not among them.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["list_badges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/badges/{badge}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a badge, or give it another label
         * @description `If-Match` names the version; `"0"` that of one which is not there yet. 50 of its own at most.
         *
         *     Admins may.
         */
        put: operations["put_badge"];
        post?: never;
        /**
         * Delete a badge
         * @description Who has it has it no more. Those that every site has stay.
         *
         *     Admins may.
         */
        delete: operations["delete_badge"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/badges/{badge}/holders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who has a badge
         * @description Moderators of the site may, and admins.
         */
        get: operations["list_badge_holders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/badges/{badge}/holders/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give a badge
         * @description Pages show it at once. Five at most for one person; giving what is given changes nothing.
         *
         *     Moderators of the site may, and admins.
         */
        put: operations["grant_badge"];
        post?: never;
        /**
         * Take a badge back
         * @description Taking back what is not given changes nothing.
         *
         *     Moderators of the site may, and admins.
         */
        delete: operations["revoke_badge"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/featured": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a site's featured replies
         * @description Of all its stories, those featured last first.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["list_site_featured"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a site's keys
         * @description The oldest first; those that are good for nothing any more for 90 days.
         *
         *     Admins may.
         */
        get: operations["list_api_keys"];
        put?: never;
        /**
         * Make a key
         * @description Its secret is shown in this answer and never again: who repeats the request by its `Idempotency-Key` is shown the key without
         *     it. 50 at most that are not revoked.
         *
         *     Admins may.
         */
        post: operations["create_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a key
         * @description Admins may.
         */
        get: operations["show_api_key"];
        put?: never;
        post?: never;
        /**
         * Revoke a key
         * @description At once and for good: what it began is done or refused by the time of the answer. Revoking what is revoked changes nothing.
         *
         *     Admins may.
         */
        delete: operations["revoke_api_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/keys/{key_id}/rotation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a key a new secret
         * @description It is shown in this answer and never again. The one before is taken for as long as is said.
         *
         *     Admins may.
         */
        post: operations["rotate_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a site's log
         * @description The newest first; without the rows about notes on oneself.
         *
         *     Moderators of the site may, and admins; a key with the scope `log:read`.
         */
        get: operations["list_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/log/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a site's log
         * @description What is sealed of it, one JSON object a line (NDJSON): a beginning, the rows in the order of their chain with a seal
         *     behind each sealed batch, and the signed head. `rejoinder log verify` shows that nothing of it was changed, and without
         *     a filter that nothing is missing; docs/LOG.md says how. An export that was cut off goes on with `after`. That it was
         *     exported is logged.
         *
         *     Moderators of the site may, and admins; a key with the scope `log:read`.
         */
        get: operations["export_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/log/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the head of a site's log
         * @description To be kept or published elsewhere: whoever has it can tell whether a later export is the same log gone on. It tells
         *     nothing of what the rows say.
         *
         *     Moderators of the site may, and admins; a key with the scope `log:read`.
         */
        get: operations["show_log_head"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/moderation/classifier": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what the classifier knows
         * @description Learnt from the decisions of the site's moderators: approved replies are good, those taken for spam or rejected as spam
         *     are not.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["show_classifier"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/moderation/classifier/chart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how good the classifier was as a chart
         * @description Over all thresholds, how much of the spam it would have found, and how many good texts it would have held.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["show_classifier_chart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/notices/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show notices in numbers
         * @description Moderators of the site may, and admins.
         */
        get: operations["show_notice_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/oidc/{issuer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign in at a provider
         * @description Leads there. Afterwards the reader is back at the page with `#rejoinder_code=…`, which is good for a minute, or with
         *     `#rejoinder_error=…`: `access_denied` where he did not want to, else `failed`.
         *
         *     Everybody may, without a token.
         */
        get: operations["begin_oidc_sign_on"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/outside-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who is asked about a site's replies
         * @description Moderators of the site may, and admins.
         */
        get: operations["show_outside_check"];
        /**
         * Have somebody asked about a site's replies
         * @description From then on replies that would be public wait for the answer.
         *
         *     Admins may.
         */
        put: operations["put_outside_check"];
        post?: never;
        /**
         * Have nobody asked about a site's replies any more
         * @description What waits for an answer alone is released.
         *
         *     Admins may.
         */
        delete: operations["delete_outside_check"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/outside-check/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try who is asked about a site's replies
         * @description With a reply that does not exist, by the caller, under a story that does not exist; nothing is stored.
         *
         *     Admins may.
         */
        post: operations["test_outside_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a site's policy
         * @description Moderators of the site may, and admins.
         */
        get: operations["show_policy"];
        /**
         * Change a site's policy
         * @description As a whole: what is absent is as every site begins with. Replies are judged by it from then on; those that wait are not
         *     judged anew. Everything that is wrong with it is said at once, lists entry by entry.
         *
         *     Admins may, and moderators where the site lets them.
         */
        put: operations["put_policy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/lists/{list}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a list of a site's policy
         * @description One entry a line.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["show_policy_list"];
        /**
         * Replace a list of a site's policy
         * @description By the lines of a text or by a JSON array of texts. The rest of the policy stays as it is; what comes of it is a new
         *     version. Entries that cannot be used are named one by one, by their lines.
         *
         *     Admins may, and moderators where the site lets them.
         */
        put: operations["put_policy_list"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run the policy again on what waits
         * @description Replies that rules held are judged by the present policy; what passes now is released. Those that wait by the mode, that
         *     a moderator put back or that an import brought go on waiting, and where somebody outside is asked those that nobody
         *     answered about. Each release is logged, and all of them can be undone.
         *
         *     Moderators of the site may, and admins.
         */
        post: operations["rerun_policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of a site's policy
         * @description The newest first.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["list_policy_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a run of a policy
         * @description Moderators of the site may, and admins.
         */
        get: operations["show_policy_run"];
        put?: never;
        post?: never;
        /**
         * End a run of a policy
         * @description Soon; what it released until then stays released.
         *
         *     Moderators of the site may, and admins.
         */
        delete: operations["cancel_policy_run"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/runs/{run_id}/chart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a simulation as a chart
         * @description What a policy would have done to former replies: where they would be, what of it people had decided otherwise, and which
         *     rules asked for it. Other runs have none, nor has a simulation that did not end.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["show_policy_run_chart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/runs/{run_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a run of a policy
         * @description A stream of Server-Sent Events: `run` (a `PolicyRunView`) at the beginning and each time that it is further; it ends
         *     with the run.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["list_policy_run_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/runs/{run_id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo a run
         * @description Of a policy that was run again: what it released waits again, unless it has moved on since.
         *
         *     Moderators of the site may, and admins.
         */
        post: operations["undo_policy_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a policy on former replies
         * @description Says what a draft would have done to the latest replies, by rule, and against what people decided. Nothing is changed.
         *     It goes on beside: the answer says where its progress and its result stand, which is kept for 30 days.
         *
         *     Moderators of the site may, and admins.
         */
        post: operations["simulate_policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a policy on a text
         * @description At once; nothing is stored.
         *
         *     Moderators of the site may, and admins.
         */
        post: operations["test_policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a site's policy
         * @description The newest first.
         *
         *     Moderators of the site may, and admins.
         */
        get: operations["list_policy_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a former policy of a site
         * @description Moderators of the site may, and admins.
         */
        get: operations["show_policy_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/policy/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a former policy of a site
         * @description As a new version.
         *
         *     Admins may, and moderators where the site lets them.
         */
        post: operations["restore_policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a site's public replies
         * @description Under all its stories, the newest first.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["list_site_replies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a site's roles
         * @description Admins may.
         */
        get: operations["list_site_roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/roles/{account_id}/{role}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Grant a role
         * @description Acts at once; granting what is granted changes nothing.
         *
         *     Admins may.
         */
        put: operations["grant_site_role"];
        post?: never;
        /**
         * Take a role back
         * @description Acts at once; taking back what is not granted changes nothing.
         *
         *     Admins may.
         */
        delete: operations["revoke_site_role"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a site's settings
         * @description Moderators of the site may, and admins.
         */
        get: operations["show_site_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/sso": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign on
         * @description By a token of one of the site's issuers, good for once. Somebody's first makes an account; docs/SSO.md says when it joins one
         *     from before. What is wrong with a token admins are told who try it.
         *
         *     Everybody may, without a token.
         */
        post: operations["create_sso_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/sso/issuers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a site's issuers
         * @description In the order of their keys.
         *
         *     Admins may.
         */
        get: operations["list_issuers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/sso/issuers/{issuer}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an issuer
         * @description Admins may.
         */
        get: operations["show_issuer"];
        /**
         * Register an issuer, or change one
         * @description `If-Match` names the version; `"0"` that of one which is not there yet. 10 at most. What it gave and may give no more is
         *     taken back at once.
         *
         *     Admins may.
         */
        put: operations["put_issuer"];
        post?: never;
        /**
         * Delete an issuer
         * @description For good: nobody signs on by it any more, the sessions that began by it end, and the roles and badges that it gave are taken
         *     back. The accounts stay, without the way to them that it was.
         *
         *     Admins may.
         */
        delete: operations["delete_issuer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/sso/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a token
         * @description Says of each part whether it is right, and what the token would do. It is not spent, and nothing is changed.
         *
         *     Admins may.
         */
        post: operations["test_sso_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a site's statistics
         * @description What happened in a range of days (UTC): exact sums, kept by the transactions that they are about, so that they cost the
         *     same however much there is. Times are to within a fifth.
         *
         *     Moderators of the site may, and admins; a key with the scope `counts:read`.
         */
        get: operations["show_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/statistics/chart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a site's statistics as a chart
         * @description The same numbers as those of the statistics, drawn as SVG. Its title says in a sentence what is seen; the colours are
         *     attributes that a page's style may give others, and nothing in it is styled inline.
         *
         *     Moderators of the site may, and admins; a key with the scope `counts:read`.
         */
        get: operations["show_statistics_chart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/stories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a site's stories
         * @description The newest first; with `url` only the one that has it.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["list_stories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/stories/{external_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a story by the site's own id
         * @description Everybody may, and all get the same answer.
         */
        get: operations["show_story_of_site"];
        /**
         * Register or change a story
         * @description Idempotent: the same body again changes nothing. With `If-Match` (a tag of the story) only if what front ends set
         *     has not changed since; with `If-None-Match: *` only if there is no such story.
         *
         *     Authors and moderators of the site may, and admins; a key with the scope `stories:write`.
         */
        put: operations["put_story"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/stories/{external_id}/discussion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a story's discussion
         * @description All that a page shows at first, by the site's key and its own id of the story.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["show_discussion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/transparency-report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a transparency report
         * @description Sums of a range of days, without anybody's name, to be published: as JSON, as comma-separated values or as a page to print.
         *
         *     Moderators of the site may, and admins; a key with the scope `counts:read`.
         */
        get: operations["show_transparency_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/transparency-report/chart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a transparency report as a chart
         * @description The same sums as those of the report, without anybody's name, drawn as SVG as those of the statistics are.
         *
         *     Moderators of the site may, and admins; a key with the scope `counts:read`.
         */
        get: operations["show_transparency_chart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stories/{story_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a story
         * @description Everybody may, and all get the same answer.
         */
        get: operations["show_story"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stories/{story_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close a story
         * @description It takes no replies any more; closing what is closed changes nothing.
         *
         *     Authors and moderators of the site may, and admins; a key with the scope `stories:write`.
         */
        post: operations["close_story"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stories/{story_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a story
         * @description A stream of Server-Sent Events: one `change` (an `EventView`) for each version, which is its id. Who comes back with
         *     `Last-Event-ID` misses nothing; past the last 500 versions `reset` says that the page has to be read anew. With
         *     `since` what happened since that version, at once and as JSON.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["list_story_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stories/{story_id}/featured": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a story's featured replies
         * @description In the order that the site's people gave them, 50 at most.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["list_featured"];
        /**
         * Arrange a story's featured replies
         * @description Gives them another order and other labels: all that are featured must be named once. `If-Match` names the list's `version`.
         *
         *     Authors and moderators of the site may, and admins; a key with the scope `featured:write`.
         */
        put: operations["put_featured"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stories/{story_id}/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what is mine in a story
         * @description Own replies with their states and until when they may be edited, own recommendations.
         *
         *     Whoever is signed in may, also who is suspended on the site; a key with `replies:act_as`, for a reader.
         */
        get: operations["list_mine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stories/{story_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reopen a story
         * @description It takes replies again, and the site's closing rule is off for it; a closing time of its own that has passed is
         *     taken away.
         *
         *     Authors and moderators of the site may, and admins; a key with the scope `stories:write`.
         */
        post: operations["reopen_story"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stories/{story_id}/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a story's replies
         * @description A page of top-level replies, each with the first ones below it. However many are posted, edited or removed
         *     meanwhile, going on by the cursors shows no reply twice and leaves none out that was there before.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["list_story_replies"];
        put?: never;
        /**
         * Post a reply
         * @description Public at once or after a moderator approved it, as `state` tells. While many newcomers post on the site, theirs take a
         *     solved challenge.
         *
         *     Whoever is signed in and not suspended on the site may; a key with `replies:act_as` and `replies:write`, for a reader.
         */
        post: operations["create_reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description Everybody may, and all get the same answer.
         */
        get: operations["show_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can it do its work?
         * @description The database takes writes and its migrations are applied.
         *
         *     Everybody may, and all get the same answer.
         */
        get: operations["show_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A reply above one that came or went. */
        AboveView: {
            /** @description Its id. */
            id: components["schemas"]["ReplyId"];
            /** @description Whether it is shown at all: a tombstone goes with the last public reply below it. */
            is_shown: boolean;
            /**
             * Format: int32
             * @description Public replies directly below.
             */
            replies: number;
            /**
             * Format: int32
             * @description Public replies below, at any depth.
             */
            visible_below: number;
        };
        /**
         * @description Whether accents make another word.
         * @enum {string}
         */
        Accents: "ignored" | "kept";
        /** Format: uuid */
        AccountId: string;
        /** @description What everybody sees of an account. */
        AccountView: {
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            /** @description The name to be shown. */
            display_name: string;
            /** @description Its id. */
            id: components["schemas"]["AccountId"];
            /** @description Null for a closed account. */
            username: string | null;
        };
        /** @enum {string} */
        Action: "post" | "edit" | "withdraw" | "approve" | "reject" | "spam" | "restore" | "return" | "appeal" | "uphold_appeal" | "overturn_appeal" | "drop_appeal" | "import" | "warn" | "premoderate" | "slow" | "suspend" | "ban" | "lift_sanction" | "lift_suspension" | "grant_role" | "revoke_role" | "create_site" | "change_site" | "close_story" | "reopen_story" | "change_policy" | "judge" | "run_policy" | "cancel_run" | "undo" | "change_outside_check" | "bulk" | "cancel_bulk" | "hold" | "export_log" | "claim_author" | "reset_second_factor" | "put_story" | "save_queue" | "delete_queue" | "feature" | "unfeature" | "arrange_featured" | "end_sessions" | "change_badge" | "delete_badge" | "grant_badge" | "revoke_badge" | "change_issuer" | "delete_issuer" | "create_key" | "rotate_key" | "revoke_key" | "add_note" | "delete_note" | "receive_notice" | "decide_notice";
        /** @enum {string} */
        ActorKind: "reader" | "author" | "moderator" | "admin" | "key" | "system";
        /** @description A note about somebody to be. */
        AddAccountNote: {
            /** @description The key of the site whose moderators are to see it; absent or null: admins alone, which takes one. */
            site?: string | null;
            /** @description The text, plain. `@username` mentions somebody who moderates the site, or an admin: ten people at most. */
            text: string;
        };
        /** @description Whom one is to a site's issuer. */
        AddIdentity: {
            /** @description The site's key. */
            site: string;
            /** @description A token of one of its issuers, as for signing on. It is spent. */
            token: string;
        };
        /** @description A note to be. */
        AddReplyNote: {
            /** @description The text, plain. `@username` mentions somebody who moderates the site, or an admin: ten people at most. */
            text: string;
        };
        /** @description The last word of people about texts of which all rules had said something, or nothing. */
        AgreementView: {
            /**
             * Format: int64
             * @description Rules flagged, held or put it away, and people approved it.
             */
            held_approved: number;
            /**
             * Format: int64
             * @description Rules flagged, held or put it away, and people refused it.
             */
            held_refused: number;
            /**
             * Format: int64
             * @description Rules let it pass, and so did people.
             */
            passed_approved: number;
            /**
             * Format: int64
             * @description Rules let it pass, and people refused it.
             */
            passed_refused: number;
            /**
             * Format: double
             * @description The share of those about which both said the same; null where there are none.
             */
            share: number | null;
        };
        /** @description How much there is. */
        AmountView: {
            /**
             * @description Whether there are no more. Queues that take all of some sites, of one kind, are counted to the end; others up to 1,000,
             *     among the first 10,000 that wait, or fewer where many such queues are listed.
             */
            is_exact: boolean;
            /**
             * Format: int64
             * @description So many, or more.
             */
            number: number;
        };
        /** Format: uuid */
        ApiKeyId: string;
        /** @description A key by which a site's own servers call. */
        ApiKeyView: {
            /** @description Under whom the log tells what it does by itself. */
            account_id: components["schemas"]["AccountId"];
            /** @description How its present secret begins, by which one that was found somewhere is known. */
            beginning: string;
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Who made it. */
            created_by: components["schemas"]["AccountId"];
            expires_at: components["schemas"]["Timestamp"] | null;
            former_until: components["schemas"]["Timestamp"] | null;
            /** @description Its id. */
            id: components["schemas"]["ApiKeyId"];
            last_used_at: components["schemas"]["Timestamp"] | null;
            /** @description What it is for, in words. */
            name: string;
            revoked_at: components["schemas"]["Timestamp"] | null;
            revoked_by: components["schemas"]["AccountId"] | null;
            /** @description What it may. */
            scopes: components["schemas"]["Scope"][];
            /** @description The secret that was just made: what calls show. It is shown here and never again. */
            secret: string | null;
            /**
             * Format: int64
             * @description What `If-Match` names to give it a new secret or to revoke it.
             */
            version: number;
        };
        /** Format: uuid */
        AppealId: string;
        /** @enum {string} */
        AppealState: "open" | "upheld" | "overturned" | "moot";
        /** @description An appeal against a refusal. */
        AppealView: {
            closed_at: components["schemas"]["Timestamp"] | null;
            closed_by: components["schemas"]["AccountId"] | null;
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["AppealId"];
            /**
             * @description Whether it is open and somebody else than the caller is to decide it: he refused the reply and another moderator may, or
             *     it is his own.
             */
            is_for_others: boolean;
            /** @description What the author was told. */
            reasons: string | null;
            refused_by: components["schemas"]["AccountId"] | null;
            /** @description Where it stands. */
            state: components["schemas"]["AppealState"];
            /** @description What the author said. */
            text: string;
        };
        /** @description A question to somebody outside that was not answered yet. */
        AskingView: {
            /** @description Why there was no answer the last time. */
            last_error: string | null;
            /** @description When it is asked next. */
            next_try_at: components["schemas"]["Timestamp"];
            /** @description Since when it is asked. */
            since: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description How often it was tried; not each time was the endpoint asked, since one that fails is left alone for a while.
             */
            tries: number;
        };
        /** @description An author's replies on a site by state. */
        AuthorCountsView: {
            /**
             * Format: int64
             * @description Public.
             */
            approved: number;
            /**
             * Format: int64
             * @description Waiting.
             */
            pending: number;
            /**
             * Format: int64
             * @description Refused.
             */
            rejected: number;
            /**
             * Format: int64
             * @description With the author, to be changed.
             */
            returned: number;
            /**
             * Format: int64
             * @description Taken for spam.
             */
            spam: number;
            /**
             * Format: int64
             * @description Taken back by the author.
             */
            withdrawn: number;
        };
        /** @description A writer as readers see them. */
        AuthorView: {
            badge: components["schemas"]["Badge"] | null;
            /** @description What the site gave: 5 at most, in the order of their keys; absent if that is nothing. */
            badges?: components["schemas"]["BadgeView"][];
            /** @description The name to be shown: the display name, else the username, else "a former reader". */
            display_name: string;
            /** @description The account's id. */
            id: components["schemas"]["AccountId"];
            /** @description Of the newsroom, by a role or by the badge `staff`; absent of all others. */
            is_staff?: boolean;
            /** @description Null for a closed account. */
            username: string | null;
        };
        /** @enum {string} */
        Badge: "author" | "moderator" | "admin";
        /** @description Somebody who has a badge. */
        BadgeHolderView: {
            /** @description The account. */
            account_id: components["schemas"]["AccountId"];
            /** @description The name to be shown. */
            display_name: string;
            /** @description Since when. */
            granted_at: components["schemas"]["Timestamp"];
            /** @description Who gave it. */
            granted_by: components["schemas"]["AccountId"];
            /** @description Its username. */
            username: string | null;
        };
        /** @description A badge beside a name. */
        BadgeView: {
            /** @description `staff`, `verified`, or one of the site's own. */
            key: string;
            /** @description What is to be shown. */
            label: string;
        };
        /** Format: uuid */
        BulkId: string;
        /** @description A reply with the version that was looked at. */
        BulkItem: {
            /** @description The reply. */
            id: components["schemas"]["ReplyId"];
            /**
             * Format: int32
             * @description Its version as it was looked at.
             */
            version: number;
        };
        /** @description One reply of many. */
        BulkItemView: {
            /** @description Its id. */
            id: components["schemas"]["ReplyId"];
            outcome: components["schemas"]["ItemOutcome"] | null;
            /**
             * Format: int32
             * @description The version that was looked at.
             */
            version: number;
        };
        /** @description What would come of a decision about many replies. */
        BulkPreviewView: {
            /** @description When they were looked at. */
            as_of: components["schemas"]["Timestamp"];
            /**
             * @description Whether the filter may take more: than 10,000, which another bulk is for, or behind the first 20,000 that are looked at
             *     for a trial.
             */
            has_more: boolean;
            /**
             * Format: int64
             * @description The replies, so many.
             */
            number: number;
            /** @description The first ones that would not, up to 100. */
            others: components["schemas"]["OtherView"][];
            /** @description What would come of them. */
            outcomes: components["schemas"]["Outcomes"];
            /** @description The first ones that would be decided about. */
            samples: components["schemas"]["QueueItemView"][];
        };
        /** @description A decision about many replies, or its being undone. */
        BulkView: {
            /** @description Who wants it. */
            account_id: components["schemas"]["AccountId"];
            action: components["schemas"]["Verb"] | null;
            /** @description When it was begun. */
            created_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Replies that were come to.
             */
            done: number;
            finished_at: components["schemas"]["Timestamp"] | null;
            /** @description Its id, by which the log names it with each reply. */
            id: components["schemas"]["BulkId"];
            /** @description For the authors. */
            message: string | null;
            /** @description For the log. */
            note: string | null;
            /** @description What came of them so far. */
            outcomes: components["schemas"]["Outcomes"];
            reason: components["schemas"]["Reason"] | null;
            /** @description Where it stands. */
            state: components["schemas"]["RunState"];
            /**
             * Format: int64
             * @description How many there are; null before they were found.
             */
            total: number | null;
            undoable_until: components["schemas"]["Timestamp"] | null;
            undoes: components["schemas"]["BulkId"] | null;
        };
        /**
         * @description Where a case stands.
         * @enum {string}
         */
        CaseStanding: "open" | "in_review" | "upheld" | "dismissed" | "moot";
        /** @description All reports of a reply together. */
        CaseView: {
            closed_at: components["schemas"]["Timestamp"] | null;
            closed_by: components["schemas"]["AccountId"] | null;
            dismissed_at: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int64
             * @description The same of those that came since a moderator dismissed the like, and open nothing by themselves.
             */
            held_back_weight: number;
            /** @description When it was opened, the last time. */
            opened_at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description How often it was opened again.
             */
            reopened: number;
            /** @description The reply. */
            reply_id: components["schemas"]["ReplyId"];
            /** @description The key of its site. */
            site: string;
            /** @description Where it stands. */
            state: components["schemas"]["CaseStanding"];
            /**
             * Format: int64
             * @description What its open reports weigh together, in hundredths of one by somebody without a record.
             */
            weight: number;
        };
        /** @description A challenge. */
        ChallengeView: {
            /** @description `parameters` and `signature`, as ALTCHA's protocol (version 2) and its widget have them. */
            challenge: Record<string, never>;
            /** @description Until when it is good. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Of a form in which a reply is written, opened now: it goes with the reply as `form`. Null for a new account. */
            form_token: string | null;
            /**
             * @description Whether newcomers have to solve one for this at the moment. Whoever had a reply approved, or is known by a confirmed
             *     address for a week, never has to.
             */
            is_needed: boolean;
        };
        /**
         * @description What became of a part of a text.
         * @enum {string}
         */
        Change: "same" | "removed" | "added";
        /** @description Another address. */
        ChangeEmail: {
            /** @description The address. */
            email: string;
            /**
             * Format: password
             * @description The account's password.
             */
            password: string;
        };
        /** @enum {string} */
        ChangeKind: "published" | "edited" | "removed" | "restored" | "recommended" | "featured" | "story";
        /** @description Two passwords. */
        ChangePassword: {
            /**
             * Format: password
             * @description The password from now on.
             */
            new_password: string;
            /**
             * Format: password
             * @description The password until now.
             */
            password: string;
        };
        /** @description One thing that changed. */
        ChangeView: {
            /** @description The replies above that one, the top-level one first, with their new numbers, where those changed. */
            above: components["schemas"]["AboveView"][];
            /** @description What. */
            kind: components["schemas"]["ChangeKind"];
            reply: components["schemas"]["ReplyView"] | null;
            reply_id: components["schemas"]["ReplyId"] | null;
        };
        /** @description What I claim. */
        ClaimAuthors: {
            id?: components["schemas"]["AccountId"] | null;
        };
        /** @description That a moderator looks at a reply. Others may decide about it all the same. */
        ClaimView: {
            /** @description Who. */
            account_id: components["schemas"]["AccountId"];
            /** @description The name to be shown. */
            display_name: string;
            /** @description Until when that is believed, unless it is said again. */
            until: components["schemas"]["Timestamp"];
        };
        /** @description Somebody in the export of a blog's former comments whose address is mine. */
        ClaimableView: {
            claimed_at: components["schemas"]["Timestamp"] | null;
            finished_at: components["schemas"]["Timestamp"] | null;
            /** @description The imported account. */
            id: components["schemas"]["AccountId"];
            /** @description Something was decided about him that holds, such as a ban: who has imposed it lifts it first. */
            is_sanctioned: boolean;
            /** @description As the export names him; anybody may have written under this name and address. */
            name: string;
            /**
             * Format: int64
             * @description Replies in any state that are not mine yet.
             */
            replies: number;
            /** @description The site's key. */
            site: string;
        };
        /** @description What I have claimed. */
        ClaimedView: {
            /** @description Whether there are more: ask again. */
            has_more: boolean;
            /** @description The imported accounts. */
            items: components["schemas"]["ClaimableView"][];
        };
        /** @description How good the classifier was over the last 500 decisions that were scored. */
        ClassifierQualityView: {
            /** @description Decisions that were scored. */
            decisions: number;
            /**
             * Format: double
             * @description The share of good texts that it would have held; null where there was none.
             */
            good_held: number | null;
            /**
             * Format: double
             * @description The share of spam among what it took for spam; null where it took nothing.
             */
            precision: number | null;
            /**
             * Format: double
             * @description The share of spam that it found; null where there was none.
             */
            recall: number | null;
            /**
             * Format: double
             * @description The score over which a text is taken for spam.
             */
            threshold: number;
        };
        /** @description Settings of the rule. */
        ClassifierSettings: {
            /**
             * @description What follows from a text that is rather spam; `pass` switches it off.
             * @default hold
             */
            outcome: components["schemas"]["Outcome"];
            /**
             * Format: double
             * @description The score over which a text is, 0 to 1; null: the lowest at which at most one in a hundred of the good replies
             *     among the last 500 decisions would have been held, but 0.5 at least while fewer than a hundred good ones are among
             *     them.
             * @default null
             */
            threshold: number | null;
        };
        /** @description What the classifier of a site knows, and how good it was. */
        ClassifierView: {
            /** @description How good it would have been at that threshold: each decision is scored before it is learnt. */
            at_threshold: components["schemas"]["ClassifierQualityView"];
            /**
             * Format: int64
             * @description Spam that it learnt.
             */
            bad: number;
            /** @description The same at others, from 0 to 1. */
            curve: components["schemas"]["ClassifierQualityView"][];
            /**
             * Format: int64
             * @description Good texts that it learnt.
             */
            good: number;
            /** @description Whether it has learnt too little to say anything: 50 texts of each kind. */
            is_quiet: boolean;
            /**
             * Format: int64
             * @description Lessons, those that take others back included.
             */
            lessons: number;
            /** @description Features that speak most for spam, of the last 200 texts that were learnt. */
            strongest_bad: components["schemas"]["FeatureWeight"][];
            /** @description Features that speak most for good texts, of the same. */
            strongest_good: components["schemas"]["FeatureWeight"][];
            /**
             * Format: double
             * @description The score over which replies are held, where the policy does not choose another: the lowest at which at most one in
             *     a hundred of the good ones among the last 500 decisions would have been, but 0.5 at least while fewer than a hundred
             *     good ones are among them.
             */
            usual_threshold: number;
        };
        /** @description How an account is to be closed. */
        CloseAccount: {
            /**
             * Format: password
             * @description The password, to show that its owner asks; of an account without one, signing in has to be a short time ago.
             */
            password?: string | null;
            /**
             * @description What becomes of its replies.
             * @default keep
             */
            texts: components["schemas"]["ClosedTexts"];
        };
        /** @enum {string} */
        ClosedTexts: "keep" | "remove";
        /** @description That an account is to be closed. */
        ClosingView: {
            /** @description When its owner asked for it. */
            asked_at: components["schemas"]["Timestamp"];
            /** @description When it is closed. Until then that can be undone. */
            closes_at: components["schemas"]["Timestamp"];
            /** @description What becomes of its replies. */
            texts: components["schemas"]["ClosedTexts"];
        };
        /** @description The columnist's part of a story. */
        CommentaryView: {
            /** @description Who wrote it. */
            author_name: string;
            /** @description The text in Markdown. */
            body: string;
            /** @description The text as sanitised HTML. */
            body_html: components["schemas"]["SafeHtml"];
            /** @description What stands above it, such as "KC's View". */
            label: string;
        };
        /** @description A token out of a mailed link. */
        ConfirmNotice: {
            /** @description What stands behind the `#`. */
            token: string;
        };
        /** @description The public count of one story. */
        CountView: {
            /** @description As asked for. */
            external_id?: string | null;
            id: components["schemas"]["StoryId"] | null;
            /** @description Whether there is such a story. */
            is_known: boolean;
            /**
             * Format: int64
             * @description Public replies; 0 if it is unknown.
             */
            replies: number;
            /** @description As asked for. */
            url?: string | null;
        };
        /** @description Counts, in the order in which they were asked for: by id, by external id, by URL. */
        CountsView: {
            /** @description One for each story asked for. */
            items: components["schemas"]["CountView"][];
        };
        /** @description A new account. */
        CreateAccount: {
            /** @description Never shown to anybody but its owner and admins. */
            email: string;
            /**
             * Format: password
             * @description 8 to 256 characters; the commonest ones and those with one's own name are refused.
             */
            password: string;
            /** @description 3 to 30 letters and digits of one script, `_` and `-`. */
            username: string;
        };
        /** @description A new key. */
        CreateApiKey: {
            expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description What it is for, in words. */
            name: string;
            /** @description What it may; no more than it needs. */
            scopes: components["schemas"]["Scope"][];
        };
        /** @description An appeal. */
        CreateAppeal: {
            /** @description Why the refusal is wrong. */
            text: string;
        };
        /** @description What a challenge is wanted for. */
        CreateChallenge: {
            /** @description The operation. */
            operation: components["schemas"]["WorkOperation"];
            /** @description The key of the site on which a reply is to be posted; of a new account none. */
            site?: string | null;
        };
        /** @description A notice by somebody without an account. */
        CreateGuestNotice: {
            /** @description Where the link to confirm it, the receipt and the decision are sent. */
            email: string;
            /** @description Why it is illegal. */
            explanation: string;
            /** @description Which kind of law it breaks. */
            ground: components["schemas"]["NoticeGround"];
            /** @description That one believes in good faith that all of this is accurate and complete: `true`. */
            is_in_good_faith: boolean;
            /** @description Which law, as far as it is known; needed for `other`. */
            law?: string | null;
            /** @description Who gives notice; may be left out for `child_abuse` alone. */
            name?: string | null;
            /**
             * Format: int32
             * @description The version of the reply that was read; if it has changed since, the notice is not taken. Absent: the present
             *     one.
             */
            version?: number | null;
        };
        /** @description A notice that a reply is illegal. */
        CreateNotice: {
            /** @description Why it is illegal. */
            explanation: string;
            /** @description Which kind of law it breaks. */
            ground: components["schemas"]["NoticeGround"];
            /** @description That one believes in good faith that all of this is accurate and complete: `true`. */
            is_in_good_faith: boolean;
            /** @description Which law, as far as it is known; needed for `other`. */
            law?: string | null;
            /**
             * Format: int32
             * @description The version of the reply that was read; if it has changed since, the notice is not taken. Absent: the present
             *     one.
             */
            version?: number | null;
        };
        /** @description A new reply. */
        CreateReply: {
            /** @description The text in Markdown, 10,000 characters at most where the service is not configured otherwise. */
            body: string;
            form?: components["schemas"]["FilledForm"] | null;
            parent_id?: components["schemas"]["ReplyId"] | null;
        };
        /** @description Credentials. */
        CreateSession: {
            /** @description A code of the second factor or a recovery code, where the account has one. */
            code?: string | null;
            /** @description E-mail or username. */
            identifier: string;
            /**
             * Format: password
             * @description The password, as typed.
             */
            password: string;
        };
        /** @description A new site: its key, and what should differ from the defaults. */
        CreateSite: {
            /**
             * @description Websites whose pages may call, as origins such as `https://blog.example`.
             * @default null
             */
            allowed_origins: string[] | null;
            /**
             * Format: int32
             * @description Days after publication when stories close; 0: never, as on a new site.
             * @default null
             */
            close_after_days: number | null;
            /**
             * @description What the site's mails are headed with, as `#rrggbb`; empty for none, as on a new site.
             * @default null
             */
            colour: string | null;
            /**
             * Format: int32
             * @description Seconds in which authors may edit; 0: never; 300 on a new site.
             * @default null
             */
            edit_window_secs: number | null;
            /**
             * @description Takes no stories and no replies any more; reading goes on.
             * @default null
             */
            is_closed: boolean | null;
            /**
             * @description Its name in addresses: 1 to 40 lower-case letters, digits and inner hyphens. Whoever changes it changes the
             *     addresses of the site's stories too.
             * @default null
             */
            key: string | null;
            /** @default null */
            moderation_mode: components["schemas"]["ModerationMode"] | null;
            /**
             * @description Whether moderators may change the policy; only admins on a new site.
             * @default null
             */
            moderators_change_policy: boolean | null;
            /**
             * @description Its name.
             * @default null
             */
            name: string | null;
            /**
             * @description Names that nobody may take.
             * @default null
             */
            reserved_names: string[] | null;
            /**
             * @description A line about it.
             * @default null
             */
            tagline: string | null;
            /**
             * @description Query parameters that do not tell URLs apart; a list of the usual ones on a new site.
             * @default null
             */
            tracking_params: string[] | null;
            /**
             * Format: int32
             * @description Approved replies after which an author no longer waits in mode `trusted`; 2 on a new site.
             * @default null
             */
            trusted_after: number | null;
            /** @default null */
            unproven_accounts: components["schemas"]["UnprovenAccounts"] | null;
        };
        /** @description A reply's present state, told to whom acted on an older one. */
        CurrentState: {
            last_action: components["schemas"]["Action"] | null;
            last_action_at: components["schemas"]["Timestamp"] | null;
            last_actor_id: components["schemas"]["AccountId"] | null;
            /** @description Where it stands. */
            state: components["schemas"]["ReplyState"];
            /**
             * Format: int32
             * @description The version to act on.
             */
            version: number;
        };
        /** @enum {string} */
        DataExportState: "waiting" | "ready" | "failed";
        /** Format: date */
        Day: string;
        /** @description One day. */
        DayView: components["schemas"]["SumsView"] & {
            /**
             * Format: date
             * @description The day (UTC).
             */
            day: string;
            /** @description Decisions, by the account of who made them. */
            moderators: {
                [key: string]: number;
            };
        };
        /** @description What is said to an appeal. */
        DecideAppeal: {
            /** @description For the log. */
            note?: string | null;
            /** @description For the author. */
            reasons: string;
            /** @description What is decided. */
            ruling: components["schemas"]["Ruling"];
            /**
             * Format: int32
             * @description The reply's version that was looked at.
             */
            version: number;
        };
        /** @description A decision about many replies: about these, or about what a filter or a saved queue takes, or about somebody's. */
        DecideMany: {
            /** @description What is decided. */
            action: components["schemas"]["Verb"];
            as_of?: components["schemas"]["Timestamp"] | null;
            author?: components["schemas"]["TheirLatest"] | null;
            filter?: components["schemas"]["QueueFilter"] | null;
            /** @description The replies, with the versions that were looked at; one that is named twice counts once. */
            items?: components["schemas"]["BulkItem"][] | null;
            /** @description For the authors, with `reject`, and with `return`, which needs it. */
            message?: string | null;
            /** @description For the log. */
            note?: string | null;
            /** @description Only tell what would come of it. */
            preview?: boolean;
            reason?: components["schemas"]["Reason"] | null;
            saved_queue?: components["schemas"]["SavedQueueId"] | null;
        };
        /** @description A decision about the notices of a text. */
        DecideNotice: {
            basis?: components["schemas"]["NoticeBasis"] | null;
            /** @description Whether automated means found the text or took part in the decision. */
            is_automated: boolean;
            /** @description What is decided. */
            outcome: components["schemas"]["NoticeOutcome"];
            /** @description Which law, or which of the site's terms. */
            provision?: string | null;
            /** @description The facts and the reasons, for the notifiers and the author. */
            reasons: string;
            /**
             * Format: int32
             * @description Which of the reply's texts was looked at, from 1; the one that the notice is about if absent. Needed for `removed` where
             *     the author has changed it since.
             */
            revision?: number | null;
            /**
             * Format: int32
             * @description The version of the reply that was looked at.
             */
            version: number;
        };
        /** @description A decision. */
        DecideReply: {
            /** @description What is decided. */
            action: components["schemas"]["Verb"];
            /** @description For the author, with `reject`, and with `return`, which needs it. */
            message?: string | null;
            /** @description For the log. */
            note?: string | null;
            reason?: components["schemas"]["Reason"] | null;
            /**
             * Format: int32
             * @description The version that was looked at.
             */
            version: number;
        };
        /** @description Decisions by how long replies had waited, each in the first that fits, to within a fifth. */
        DecidedWithin: {
            /**
             * Format: int64
             * @description Within a day.
             */
            day: number;
            /**
             * Format: int64
             * @description Within an hour.
             */
            hour: number;
            /**
             * Format: int64
             * @description Later than that.
             */
            later: number;
            /**
             * Format: int64
             * @description Within a minute.
             */
            minute: number;
            /**
             * Format: int64
             * @description Within six hours.
             */
            six_hours: number;
            /**
             * Format: int64
             * @description Within ten minutes.
             */
            ten_minutes: number;
        };
        /** @enum {string} */
        Decider: "rules" | "not_run" | "changed" | "mode" | "sanction" | "unproven" | "staff" | "waiting" | "import" | "outside";
        /** Format: uuid */
        DecisionId: string;
        /** @description Times from when replies came to wait until somebody decided, in seconds, to within a fifth. */
        DecisionTime: {
            /**
             * Format: int64
             * @description Within this time half of them were decided about; null where none was.
             */
            median_seconds?: number | null;
            /**
             * Format: int64
             * @description Within this time nine of ten were.
             */
            p90_seconds?: number | null;
        };
        /** @description Whose view is answered. */
        DiscussionCommentary: {
            /** @description Who wrote it. */
            author_name: string;
            /** @description As the site calls it, such as "KC's View". */
            label: string;
        };
        /** @description Of a site what its pages need. */
        DiscussionSite: {
            /** @description Its colour as `#rrggbb`, if one was chosen. */
            colour?: string | null;
            /**
             * Format: int32
             * @description Seconds in which authors may change what they wrote; 0: never.
             */
            edit_window_secs: number;
            /** @description Its id. */
            id: components["schemas"]["SiteId"];
            /** @description Its key in addresses. */
            key: string;
            /** @description Its name. */
            name: string;
            /** @description What may be done by who has proven nothing yet. */
            unproven_accounts: components["schemas"]["UnprovenAccounts"];
        };
        /** @description A story's discussion as it is shown at first. */
        DiscussionView: {
            commentary: components["schemas"]["DiscussionCommentary"] | null;
            /**
             * Format: int64
             * @description Replies that `GET /api/v1/stories/{story_id}/featured` lists; 50 at most.
             */
            featured_replies: number;
            /** @description The story's headline. */
            headline: string;
            /** @description Top-level replies with the first ones below them. */
            items: components["schemas"]["ThreadView"][];
            /** @description Where the next page begins, for `GET /api/v1/stories/{story_id}/replies` with the same order; null on the last one. */
            next_cursor: string | null;
            /** @description What holds on the whole site. */
            site: components["schemas"]["DiscussionSite"];
            /** @description What changes about the story. */
            story: components["schemas"]["StoryState"];
        };
        /** @description The addresses of an account, as its owner sees them. */
        EmailView: {
            /** @description The address that signs in; null as long as none is confirmed. */
            email: string | null;
            /** @description One that waits to be confirmed. */
            unconfirmed_email: string | null;
        };
        /** @description What made one version of a story. */
        EventView: {
            /** @description All that made the version. */
            changes: components["schemas"]["ChangeView"][];
            /** @description The story as it is when the event is told, which may be later. */
            story: components["schemas"]["StoryState"];
            /**
             * Format: int64
             * @description The version that it made.
             */
            version: number;
        };
        /** @description Events since a version. */
        EventsView: {
            /** @description Events, each a version later than the one before. */
            events: components["schemas"]["EventView"][];
            /** @description Whether there is more to be asked for at once. */
            has_more: boolean;
            /** @description That what happened since is not told, as it is too long ago or too much: the page has to be read anew. */
            is_reset: boolean;
            /**
             * Format: int64
             * @description The version up to which this tells everything: the next `since`.
             */
            version: number;
        };
        /** @description A reply that shows what a policy would have done. */
        Example: {
            /** @description The beginning of its text. */
            excerpt: string;
            /** @description What it shows. */
            of: components["schemas"]["ExampleOf"];
            /** @description What follows from all rules together. */
            outcome: components["schemas"]["Outcome"];
            /** @description Its id. */
            reply_id: components["schemas"]["ReplyId"];
            /** @description Where it stands. */
            state: components["schemas"]["ReplyState"];
            /** @description What decided, in words. */
            words: string[];
        };
        /** @enum {string} */
        ExampleOf: "caught" | "missed" | "wrongly_held" | "released" | "held";
        /** @description What authors may expect on a site. */
        FairnessSettings: {
            /**
             * Format: int32
             * @description For how many days the author of a refused reply may appeal: 1 to 180.
             * @default 14
             */
            appeal_days: number;
            /**
             * Format: int32
             * @description For how many days a reply that went back to its author waits for another text: 1 to 60.
             * @default 7
             */
            return_days: number;
            /**
             * @description What the site says to authors of refused replies, by ground, in up to 2,000 characters each.
             * @default {}
             */
            words: {
                [key: string]: string;
            };
        };
        /** @description How a reply is to be featured. */
        FeatureReply: {
            /** @description Words above it. */
            label?: string | null;
        };
        /** @description What a feature of a text says. */
        FeatureWeight: {
            /**
             * Format: double
             * @description The logarithm of how much commoner it is in spam than in good texts; negative: in good ones.
             */
            evidence: number;
            /** @description Its kind and itself, such as `word viagra`. */
            name: string;
        };
        /** @description Featured replies of a story. */
        FeaturedListView: {
            /** @description The replies, in the list's order. */
            items: components["schemas"]["ReplyView"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description Of the whole list, its order and its labels: what `If-Match` names to change it. */
            version: string;
        };
        /** @description How a reply is featured. */
        FeaturedView: {
            /** @description Since when. */
            featured_at: components["schemas"]["Timestamp"];
            /** @description Words above it. */
            label: string | null;
        };
        /** @description One invalid field. */
        FieldError: {
            /** @description What is wrong, for people; never repeats the value. */
            detail: string;
            /** @description Where in the body: a JSON pointer (RFC 6901). */
            pointer: string;
        };
        /** @description A form as it was filled in. */
        FilledForm: {
            /** @description The `form_token` that the form was opened with. */
            token: string;
            /** @description What stands in a field that people do not see: empty, unless a program filled it in. */
            trap: string;
        };
        /** @description What a rule said of a text. */
        FindingView: {
            /** @description Of the classifier, the features that weighed most; ten at most. */
            features: components["schemas"]["FeatureWeight"][];
            /** @description What it asks for. */
            outcome: components["schemas"]["Outcome"];
            /** @description Who says it. */
            rule: components["schemas"]["RuleName"];
            /**
             * Format: double
             * @description How sure it is, 0 to 1.
             */
            score: number;
            /** @description The parts of the text that it rests on, in order. */
            spans: components["schemas"]["SpanView"][];
            /** @description In words for a person. */
            words: string;
        };
        /** @description A page of what was found. */
        FoundPage: {
            /** @description False while replies of before there was a search are still brought into the index: some may be missing. */
            is_complete: boolean;
            /** @description The replies, the newest stored first. */
            items: components["schemas"]["FoundReplyView"][];
            /** @description Where to go on; null at the end. A page may have fewer items than asked for, or none, and go on. */
            next_cursor?: string | null;
        };
        /** @description A reply that was found. */
        FoundReplyView: {
            /** @description The reply. */
            item: components["schemas"]["QueueItemView"];
            /** @description Where what was looked for stands. */
            marks: components["schemas"]["MarksView"];
        };
        /** @enum {string} */
        Ground: "spam" | "abuse" | "off_topic" | "misinformation" | "illegal" | "other" | "rules" | "lapsed";
        /** @description That a notice waits to be confirmed. */
        GuestNoticeView: {
            /** @description Until when it can be confirmed. */
            confirm_until: components["schemas"]["Timestamp"];
            /** @description Where it stands. */
            state: components["schemas"]["NoticeState"];
        };
        /** @enum {string} */
        GuestNotices: "confirmed_email" | "off";
        /** @enum {string} */
        Happening: "entered" | "left" | "claimed" | "released" | "decided";
        /** @description Good news. */
        HealthView: {
            /** @description Always `ok`. */
            status: string;
        };
        /** @description Settings of the rule. */
        HistorySettings: {
            /**
             * Format: int32
             * @description First replies on the site that wait, until so many are approved; 0 switches it off.
             * @default 0
             */
            first_replies: number;
            /**
             * Format: int32
             * @description Decisions that this share needs.
             * @default 3
             */
            refused_of: number;
            /**
             * Format: int32
             * @description Of a hundred replies that people decided about in the last seven days, so many refused ones hold the next; 0
             *     switches it off.
             * @default 50
             */
            refused_percent: number;
            /**
             * Format: int32
             * @description Minutes after sign-up in which replies wait; 0 switches it off.
             * @default 0
             */
            young_minutes: number;
        };
        /** Format: uuid */
        IdentityId: string;
        /** @description Somebody as an issuer of a site knows him. */
        IdentityView: {
            /** @description Since when. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["IdentityId"];
            /** @description The issuer's key. */
            issuer: string;
            /** @description When one signed on by it last, or joined it. */
            last_used_at: components["schemas"]["Timestamp"];
            /** @description The site's key. */
            site: string;
            /** @description Who one is to the issuer. */
            sub: string;
        };
        /** @description A sanction to be. */
        ImposeSanction: {
            /** @description What it does. */
            kind: components["schemas"]["SanctionKind"];
            /** @description What the person is told; always of `warn`. */
            message?: string | null;
            /**
             * Format: int32
             * @description Replies that may be posted in 24 hours, of `slow` alone.
             */
            per_day?: number | null;
            /** @description Why, for the log and for those who moderate. */
            reason: string;
            replies?: components["schemas"]["TheirReplies"] | null;
            reply_id?: components["schemas"]["ReplyId"] | null;
            /** @description The key of the site; absent or null: everywhere, which takes an admin. */
            site?: string | null;
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description A public key. */
        IssuerKeyView: {
            /** @description The one algorithm that it is for. */
            alg: string;
            /** @description Its name in the document. */
            kid: string | null;
            /** @description Its thumbprint (RFC 7638), SHA-256 in base64url. */
            thumbprint: string;
        };
        /** @enum {string} */
        IssuerKind: "secret" | "keys" | "keys_url" | "oidc";
        /** @description An issuer of tokens by which a site signs its readers on. */
        IssuerView: {
            /** @description Whom its tokens must be for. */
            aud: string;
            /** @description Who made it so. */
            author_id: components["schemas"]["AccountId"];
            /** @description Since when it is registered. */
            created_at: components["schemas"]["Timestamp"];
            /** @description The same of the one that it took the place of, which is taken beside it. */
            former_secret_fingerprint: string | null;
            /** @description Whether its tokens may give badges of this site. */
            gives_badges: boolean;
            /** @description The roles on this site that its tokens may give. */
            gives_roles: components["schemas"]["SiteRole"][];
            /** @description As its tokens name it. */
            iss: string;
            /** @description Whether an account from before is joined by its verified e-mail. */
            joins_by_verified_email: boolean;
            /** @description Its name in addresses. */
            key: string;
            /** @description The keys that are stored here. */
            keys: components["schemas"]["IssuerKeyView"][];
            /** @description Where the keys are fetched. */
            keys_url: string | null;
            /** @description How they are signed. */
            kind: components["schemas"]["IssuerKind"];
            /** @description The secret that was just made. It is shown here and never again. */
            secret: string | null;
            /** @description By which a secret is known from another; null: there is none, or it cannot be read. */
            secret_fingerprint: string | null;
            /** @description When it was changed last. */
            updated_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description What `If-Match` names to change it.
             */
            version: number;
        };
        /** @enum {string} */
        ItemOutcome: "done" | "conflict" | "forbidden" | "gone";
        /**
         * @description In which form something is kept.
         * @enum {string}
         */
        KeptAs: "plain" | "encrypted" | "hash" | "daily_hash";
        /**
         * @description Until when something is kept.
         * @enum {string}
         */
        KeptUntil: "age" | "last_use" | "closing" | "author" | "never" | "site";
        /** @description Something that is kept. */
        KeptView: {
            /** @description In which form. */
            kept_as: components["schemas"]["KeptAs"];
            /** @description What it is for, in words. */
            purpose: string;
            /**
             * Format: int64
             * @description How long, where that is a time.
             */
            seconds: number | null;
            /** @description Until when. */
            until: components["schemas"]["KeptUntil"];
            /** @description What. */
            what: string;
        };
        /**
         * @description How much was known of a site when a text was judged, beside its policy. It grows while the text is stored, and the
         *     verdict stands by what it was.
         */
        Knowledge: {
            /**
             * Format: int64
             * @description Texts of the site's last 24 hours among which near copies were looked for.
             */
            compared: number;
            /**
             * Format: int64
             * @description Decisions of the site, taken back or not, that the classifier had learnt; 0 also where it was not asked.
             */
            lessons: number;
            /**
             * Format: int64
             * @description Decisions of all sites that it borrowed from.
             */
            shared_lessons: number;
        };
        /** @description Settings of the rule. */
        LinkSettings: {
            /**
             * @description Hosts with all below them that are never counted nor suspected, 10,000 at most.
             * @default []
             */
            allow: string[];
            /**
             * @description Hosts with all below them that make a reply spam, 10,000 at most.
             * @default []
             */
            deny: string[];
            /**
             * Format: int32
             * @description Links that a reply may have; more hold it back.
             * @default 5
             */
            max: number;
            /**
             * Format: int32
             * @description Approved replies on the site from which on an author is no newcomer.
             * @default 3
             */
            newcomer_below: number;
            /**
             * Format: int32
             * @description Links that a newcomer's reply may have.
             * @default 2
             */
            newcomer_max: number;
            /**
             * @description What follows from a link that pretends to lead elsewhere: its words name another host, or its host imitates one.
             * @default hold
             */
            pretending: components["schemas"]["Outcome"];
        };
        /** @description One row of the log. */
        LogEntryView: {
            account_id: components["schemas"]["AccountId"] | null;
            /** @description What was done. */
            action: components["schemas"]["Action"];
            actor_id: components["schemas"]["AccountId"] | null;
            /** @description In what capacity somebody acted. */
            actor_kind: components["schemas"]["ActorKind"];
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /** @description What else there is to say. */
            details: Record<string, never> | null;
            from_state: components["schemas"]["ReplyState"] | null;
            /** @description Its id. */
            id: components["schemas"]["DecisionId"];
            /** @description For the author. */
            message: string | null;
            /** @description For the log. */
            note: string | null;
            reason: components["schemas"]["Reason"] | null;
            reply_id: components["schemas"]["ReplyId"] | null;
            /**
             * Format: int32
             * @description The version of the reply that this made.
             */
            reply_version: number | null;
            /** @description The request that did it, by the id in its answer's `X-Request-Id`; null for what no request did. */
            request_id: string | null;
            story_id: components["schemas"]["StoryId"] | null;
            to_state: components["schemas"]["ReplyState"] | null;
        };
        /** @description The last seal of a site's log. */
        LogHead: {
            /** @description The hash of the last seal, 64 hexadecimal digits; null before the first. */
            hash?: string | null;
            /** @description The name of the key that signed. */
            key_id: string;
            /**
             * Format: int64
             * @description The last seal's number; 0 before the first.
             */
            number: number;
            /**
             * Format: int64
             * @description Rows that are sealed.
             */
            rows: number;
            sealed_at?: components["schemas"]["Timestamp"] | null;
            site_id?: components["schemas"]["SiteId"] | null;
            /**
             * Format: int32
             * @description Of the form.
             */
            v: number;
        };
        /** @description The head of a site's log, signed. */
        LogHeadView: {
            /** @description What is signed: this object in the canonical form of RFC 8785. */
            head: components["schemas"]["LogHead"];
            /** @description By which the signature is checked: Ed25519 (RFC 8032), 64 hexadecimal digits. */
            public_key: string;
            /** @description 128 hexadecimal digits. */
            signature: string;
            /**
             * Format: int64
             * @description How many rows came after those that are sealed: of the first 1,000 of all sites.
             */
            unsealed: number;
        };
        /** @description A mailed code. */
        MailedCode: {
            /** @description Eight digits, with blanks or without. */
            code: string;
        };
        /** @description A token out of a mailed link. */
        MailedToken: {
            /** @description What stands behind the `#`. */
            token: string;
        };
        /** @description Where what was looked for stands in each text, in order; the first 20 places. */
        MarksView: {
            /** @description In `item.body`. */
            body: components["schemas"]["SpanView"][];
            /** @description In `item.author.display_name`, the name that is shown. */
            display_name: components["schemas"]["SpanView"][];
            /** @description In `item.story.headline`. */
            headline: components["schemas"]["SpanView"][];
            /** @description In `item.author.username`. */
            username: components["schemas"]["SpanView"][];
        };
        /** @description What one sees of one's own account. */
        MeView: {
            closing: components["schemas"]["ClosingView"] | null;
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            /** @description The name to be shown. */
            display_name: string;
            /** @description The e-mail that signs in; null as long as none is confirmed. */
            email: string | null;
            email_verified_at: components["schemas"]["Timestamp"] | null;
            /** @description Whether signing in takes a code as well. */
            has_second_factor: boolean;
            /** @description Its id. */
            id: components["schemas"]["AccountId"];
            /** @description An admin of the whole service. */
            is_admin: boolean;
            /** @description Whether one has proven who one is: sites may let others only wait, or read. */
            is_proven: boolean;
            /** @description Whether these rights sleep until the second factor is shown in this session, or set up. */
            is_staff_asleep: boolean;
            /** @description Roles on sites. */
            roles: components["schemas"]["MyRole"][];
            /** @description Sites where this account may not act at present. */
            suspended_on: components["schemas"]["SiteId"][];
            /** @description An e-mail that waits to be confirmed. */
            unconfirmed_email: string | null;
            /** @description The name that signs in and is unique. */
            username: string | null;
            username_changeable_at: components["schemas"]["Timestamp"] | null;
        };
        /** @description A note in which one is named. */
        MentionView: {
            /** @description The note. */
            note: components["schemas"]["NoteView"];
            read_at: components["schemas"]["Timestamp"] | null;
        };
        /** @description Who is named in a note. */
        MentionedView: {
            /** @description The account. */
            id: components["schemas"]["AccountId"];
            /** @description Its present username; null for a closed account. */
            username: string | null;
        };
        /** @description Notes in which one is named. */
        MentionsView: {
            /** @description Whether that is how many there are, and not just those that were counted. */
            is_exact: boolean;
            /** @description The notes, the newest first. */
            items: components["schemas"]["MentionView"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description How many of all are unread, counted up to 100 among the newest 500.
             */
            unread: number;
        };
        /** @description One's own part in a story's discussion. */
        MineView: {
            /** @description One's own replies in the order in which they were posted, waiting and refused ones too. */
            items: components["schemas"]["OwnReplyView"][];
            /** @description Whether one may reply here at present. */
            may_reply: boolean;
            /** @description Accounts that one mutes, wherever they write: their replies are to be hidden. */
            muted: components["schemas"]["AccountId"][];
            /** @description Where the next page of both begins; null on the last one. */
            next_cursor: string | null;
            /** @description Replies that one recommends. */
            recommended: components["schemas"]["ReplyId"][];
        };
        /** @enum {string} */
        ModerationMode: "pre" | "post" | "trusted";
        /** @description What one moderator decided. */
        ModeratorView: {
            /** @description The account. */
            account_id: components["schemas"]["AccountId"];
            /**
             * Format: int64
             * @description Decisions.
             */
            decisions: number;
            /** @description The name to be shown. */
            display_name: string;
            /** @description Null for a closed account. */
            username: string | null;
        };
        /** @description Somebody whom one does not want to read. */
        MutedView: {
            /** @description The account. */
            account_id: components["schemas"]["AccountId"];
            /** @description Since when. */
            created_at: components["schemas"]["Timestamp"];
            /** @description The name to be shown. */
            display_name: string;
            /** @description Null for a closed account. */
            username: string | null;
        };
        /** @description A role on a site. */
        MyRole: {
            /** @description The role there. */
            role: components["schemas"]["SiteRole"];
            /** @description The site. */
            site_id: components["schemas"]["SiteId"];
        };
        /** @description A secret for a device that makes codes. */
        NewSecretView: {
            /** @description In base 32, for who types it. */
            secret: string;
            /** @description The same as an `otpauth:` URI, to be scanned: SHA-1, six digits, thirty seconds. */
            uri: string;
        };
        /** @enum {string} */
        NotRun: "failed" | "too_long" | "unreachable";
        /** @description A rule that said nothing. */
        NotRunView: {
            /** @description Which one. */
            rule: components["schemas"]["RuleName"];
            /** @description Why. */
            why: components["schemas"]["NotRun"];
        };
        /** Format: uuid */
        NoteId: string;
        /** @description Who wrote a note. */
        NotePersonView: {
            /** @description The name to be shown. */
            display_name: string;
            /** @description The account. */
            id: components["schemas"]["AccountId"];
            /** @description Null for a closed account. */
            username: string | null;
        };
        /** @description A note. */
        NoteView: {
            account_id: components["schemas"]["AccountId"] | null;
            /** @description Who wrote it. */
            author: components["schemas"]["NotePersonView"];
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["NoteId"];
            /** @description Who is named in it and has it in his inbox. */
            mentions: components["schemas"]["MentionedView"][];
            reply_id: components["schemas"]["ReplyId"] | null;
            /** @description The key of the site whose moderators see it; null: admins alone. */
            site: string | null;
            /** @description The text, plain. */
            text: string;
        };
        /** @enum {string} */
        NoticeBasis: "legal" | "contractual";
        /** @description Notices of a day in numbers. */
        NoticeDayView: {
            /** @description The day, in UTC. */
            day: components["schemas"]["Day"];
            /** @description The numbers. */
            numbers: components["schemas"]["NoticeNumbersView"];
        };
        /** Format: uuid */
        NoticeDecisionId: string;
        /** @description What was decided about notices. */
        NoticeDecisionView: {
            basis: components["schemas"]["NoticeBasis"] | null;
            /** @description When. */
            decided_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["NoticeDecisionId"];
            /** @description Whether automated means found the text or took part in the decision. */
            is_automated: boolean;
            /** @description What was decided. */
            outcome: components["schemas"]["NoticeOutcome"];
            /** @description Which law, or which of the site's terms. */
            provision: string | null;
            /** @description The facts and the reasons. */
            reasons: string;
            /** @description What can be done against it. */
            redress: components["schemas"]["Redress"][];
            /** @description The reply. */
            reply_id: components["schemas"]["ReplyId"];
            /**
             * Format: int32
             * @description About which of its texts, from 1.
             */
            revision: number;
        };
        /** @enum {string} */
        NoticeGround: "child_abuse" | "terrorism" | "hate" | "threats" | "defamation" | "privacy" | "intellectual_property" | "fraud" | "illegal_goods" | "other";
        /** @description Notices for a ground. */
        NoticeGroundView: {
            /** @description The ground. */
            ground: components["schemas"]["NoticeGround"];
            /**
             * Format: int64
             * @description How many were received.
             */
            received: number;
        };
        /** Format: uuid */
        NoticeId: string;
        /** @description Numbers of some days. */
        NoticeNumbersView: {
            /**
             * Format: int64
             * @description Decided with automated means.
             */
            automated: number;
            /**
             * Format: double
             * @description Their share of all decided, 0 to 1; null if none was.
             */
            automated_share: number | null;
            /**
             * Format: int64
             * @description Decided about.
             */
            decided: number;
            /**
             * Format: int64
             * @description Given by people without an account and not confirmed in time, or said before.
             */
            dropped: number;
            /** @description By ground; those of which there were any. */
            grounds: components["schemas"]["NoticeGroundView"][];
            /**
             * Format: int64
             * @description After which it was kept.
             */
            kept: number;
            /**
             * Format: int64
             * @description Seconds from receipt to decision that half of them took at most, to within a fifth; null if none was decided.
             */
            median_secs: number | null;
            /**
             * Format: int64
             * @description Received of people with an account.
             */
            of_accounts: number;
            /**
             * Format: int64
             * @description Received of people without one.
             */
            of_guests: number;
            /**
             * Format: int64
             * @description Received.
             */
            received: number;
            /**
             * Format: int64
             * @description After which the reply was removed.
             */
            removed: number;
        };
        /** @enum {string} */
        NoticeOutcome: "removed" | "kept";
        /** @description That a notice was received. */
        NoticeReceiptView: {
            /** @description When it was received. */
            received_at: components["schemas"]["Timestamp"];
            /** @description What it is known by. */
            reference: string;
        };
        /** @description What a site does with notices. */
        NoticeSettings: {
            /**
             * @description What it asks of people without an account.
             * @default confirmed_email
             */
            guests: components["schemas"]["GuestNotices"];
            /**
             * Format: int32
             * @description For how many days after a decision it is kept which guest had given notice: 1 to 3,650.
             * @default 180
             */
            guests_kept_days: number;
        };
        /** @enum {string} */
        NoticeState: "unconfirmed" | "open" | "decided";
        /** @description Notices in numbers. */
        NoticeStatisticsView: {
            /** @description Of each day on which there was something to count. */
            days: components["schemas"]["NoticeDayView"][];
            /** @description The first day. */
            from: components["schemas"]["Day"];
            oldest_open_at: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int64
             * @description How many are open now.
             */
            open: number;
            /** @description The last. */
            to: components["schemas"]["Day"];
            /** @description Of all the days. */
            total: components["schemas"]["NoticeNumbersView"];
        };
        /** @description Notices of illegal content (Regulation (EU) 2022/2065, article 16). */
        NoticeSums: {
            /**
             * Format: int64
             * @description Those of them that were decided with automated means.
             */
            automated: number;
            /** @description Those decided about, by what became of the reply: `removed` or `kept`. */
            decided: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Seconds from receipt to decision within which half of them were decided, to within a fifth; null if none was.
             */
            median_seconds?: number | null;
            /** @description Those received, by ground. */
            received: {
                [key: string]: number;
            };
        };
        /** @description A notice, as its notifier sees it. */
        NoticeView: {
            decision: components["schemas"]["NoticeDecisionView"] | null;
            /** @description Why it is illegal. */
            explanation: string;
            /** @description Which kind of law it breaks. */
            ground: components["schemas"]["NoticeGround"];
            /** @description Which law. */
            law: string | null;
            received_at: components["schemas"]["Timestamp"] | null;
            /** @description What it is known by. */
            reference: string;
            /** @description The reply. */
            reply_id: components["schemas"]["ReplyId"];
            /**
             * Format: int32
             * @description Which of its texts, from 1.
             */
            revision: number;
            /** @description Where it stands. */
            state: components["schemas"]["NoticeState"];
        };
        /** @description A text with open notices. */
        NoticedTextView: {
            /** @description Who wrote it. */
            author_id: components["schemas"]["AccountId"];
            /** @description The text that the notices are about, in Markdown. */
            body: string;
            /** @description The oldest of them. */
            first: components["schemas"]["ReceivedNoticeView"];
            /**
             * Format: int32
             * @description How many notices about it are open.
             */
            notices: number;
            /** @description The reply. */
            reply_id: components["schemas"]["ReplyId"];
            /**
             * Format: int32
             * @description Which of its texts is there by now; where that is not the one of the notices, a decision to remove names it.
             */
            revision: number;
            /** @description The key of its site. */
            site: string;
            /** @description Where the reply stands by now. */
            state: components["schemas"]["ReplyState"];
            /** @description Its story. */
            story_id: components["schemas"]["StoryId"];
            /**
             * Format: int32
             * @description Its version by now, to decide on.
             */
            version: number;
        };
        /** @description A code that somebody came back with. */
        OidcCodeShown: {
            /** @description What stands behind `#rejoinder_code=`. */
            code: string;
            /** @description The text that the challenge was made of: 43 to 128 characters (RFC 7636, section 4.1). */
            verifier: string;
        };
        /** @description A reply that would not be decided about. */
        OtherView: {
            /** @description Its id. */
            id: components["schemas"]["ReplyId"];
            /** @description Why not. */
            outcome: components["schemas"]["ItemOutcome"];
            /**
             * Format: int32
             * @description The version that was looked at.
             */
            version: number;
        };
        /** @enum {string} */
        Outcome: "pass" | "flag" | "hold" | "spam";
        /** @description What came of the replies of a bulk. */
        Outcomes: {
            /**
             * Format: int64
             * @description Moved on, or not where this can be decided.
             */
            conflict: number;
            /**
             * Format: int64
             * @description Decided about, or put back.
             */
            done: number;
            /**
             * Format: int64
             * @description Of sites that one does not moderate.
             */
            forbidden: number;
            /**
             * Format: int64
             * @description Not there, or not to be known of.
             */
            gone: number;
        };
        /** @description Who is asked about a site's replies. */
        OutsideCheckView: {
            author_id: components["schemas"]["AccountId"] | null;
            /** @description The site's front page, by which a service knows it. */
            blog_url: string | null;
            created_at: components["schemas"]["Timestamp"] | null;
            /** @description Whether the former secret signs beside the present one. */
            is_rotating: boolean;
            kind: components["schemas"]["OutsideKind"] | null;
            /** @description The secret that was just made. It is shown here and never again. */
            secret: string | null;
            updated_at: components["schemas"]["Timestamp"] | null;
            /** @description The endpoint, or where the service is. */
            url: string | null;
            /**
             * Format: int64
             * @description Raised by each change; 0: nobody is asked.
             */
            version: number;
        };
        /** @enum {string} */
        OutsideKind: "webhook" | "akismet";
        /** @description What was answered. */
        OutsideTestView: {
            /** @description Why there was none. */
            error: string | null;
            finding: components["schemas"]["FindingView"] | null;
        };
        /** @description An appeal as its author sees it. */
        OwnAppealView: {
            closed_at: components["schemas"]["Timestamp"] | null;
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["AppealId"];
            /** @description Why it was decided so. */
            reasons: string | null;
            /** @description Where it stands. */
            state: components["schemas"]["AppealState"];
            /** @description What the author said. */
            text: string;
        };
        /** @description How far a copy of all that is kept of oneself is. */
        OwnDataView: {
            /** @description When it was asked for. */
            asked_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Bytes of the file.
             */
            byte_count: number | null;
            ended_at: components["schemas"]["Timestamp"] | null;
            expires_at: components["schemas"]["Timestamp"] | null;
            /** @description From when on another can be asked for. */
            next_at: components["schemas"]["Timestamp"];
            /** @description Whether it can be fetched. */
            state: components["schemas"]["DataExportState"];
            /** @description Where the file is, once it is ready; for who is signed in. */
            url: string | null;
        };
        /** @description One's own reply. */
        OwnReplyView: {
            /** @description The text in Markdown, byte for byte as it was sent. */
            body: string;
            /** @description The text as sanitised HTML. */
            body_html: components["schemas"]["SafeHtml"];
            /** @description When it was posted. */
            created_at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description 1 at top level.
             */
            depth: number;
            editable_until: components["schemas"]["Timestamp"] | null;
            edited_at: components["schemas"]["Timestamp"] | null;
            /** @description Its id. */
            id: components["schemas"]["ReplyId"];
            /** @description What the moderator who refused or returned it wrote to its author. Why it was refused tells its statement. */
            message: string | null;
            parent_id: components["schemas"]["ReplyId"] | null;
            /** @description Where it stands. */
            state: components["schemas"]["ReplyState"];
            /**
             * Format: int32
             * @description The version to edit.
             */
            version: number;
        };
        /** @description A report of one's own. */
        OwnReportView: {
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["ReportId"];
            /** @description Why. */
            reason: components["schemas"]["Reason"];
            /** @description The reply. */
            reply_id: components["schemas"]["ReplyId"];
            /** @description What came of it. */
            state: components["schemas"]["ReportStanding"];
            /** @description More words. */
            text: string | null;
        };
        /** @description A sanction on oneself. */
        OwnSanctionView: {
            /** @description Since when. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["SanctionId"];
            /** @description Whether it holds at present. */
            is_active: boolean;
            /** @description What it does. */
            kind: components["schemas"]["SanctionKind"];
            lifted_at: components["schemas"]["Timestamp"] | null;
            /** @description What one is told. */
            message: string | null;
            /**
             * Format: int32
             * @description Replies that may be posted in a day.
             */
            per_day: number | null;
            read_at: components["schemas"]["Timestamp"] | null;
            reply_id: components["schemas"]["ReplyId"] | null;
            site_id: components["schemas"]["SiteId"] | null;
            until: components["schemas"]["Timestamp"] | null;
        };
        /** @description Settings of the rule. A number of 0 is no limit, as at the beginning. */
        PaceSettings: {
            /**
             * Format: int32
             * @description In an hour.
             * @default 0
             */
            address_hour: number;
            /**
             * Format: int32
             * @description Replies on the site from one network address in a minute; of IPv6 its first 64 bits.
             * @default 0
             */
            address_minute: number;
            /**
             * Format: int32
             * @description In an hour.
             * @default 0
             */
            author_hour: number;
            /**
             * Format: int32
             * @description Replies of one author on the site in a minute.
             * @default 0
             */
            author_minute: number;
            /**
             * @description What follows from more.
             * @default hold
             */
            outcome: components["schemas"]["Outcome"];
            /**
             * Format: int32
             * @description In an hour.
             * @default 0
             */
            story_hour: number;
            /**
             * Format: int32
             * @description Replies to one story in a minute.
             * @default 0
             */
            story_minute: number;
            /**
             * Format: int32
             * @description Approved replies on the site, none refused lately, from which on an author may do `trusted_times` as much.
             * @default 10
             */
            trusted_from: number;
            /**
             * Format: int32
             * @description 1 to 100.
             * @default 3
             */
            trusted_times: number;
        };
        /** @description One page of a list. */
        Page_ApiKeyView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Under whom the log tells what it does by itself. */
                account_id: components["schemas"]["AccountId"];
                /** @description How its present secret begins, by which one that was found somewhere is known. */
                beginning: string;
                /** @description When. */
                created_at: components["schemas"]["Timestamp"];
                /** @description Who made it. */
                created_by: components["schemas"]["AccountId"];
                expires_at?: components["schemas"]["Timestamp"] | null;
                former_until?: components["schemas"]["Timestamp"] | null;
                /** @description Its id. */
                id: components["schemas"]["ApiKeyId"];
                last_used_at?: components["schemas"]["Timestamp"] | null;
                /** @description What it is for, in words. */
                name: string;
                revoked_at?: components["schemas"]["Timestamp"] | null;
                revoked_by?: components["schemas"]["AccountId"] | null;
                /** @description What it may. */
                scopes: components["schemas"]["Scope"][];
                /** @description The secret that was just made: what calls show. It is shown here and never again. */
                secret?: string | null;
                /**
                 * Format: int64
                 * @description What `If-Match` names to give it a new secret or to revoke it.
                 */
                version: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_BadgeHolderView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description The account. */
                account_id: components["schemas"]["AccountId"];
                /** @description The name to be shown. */
                display_name: string;
                /** @description Since when. */
                granted_at: components["schemas"]["Timestamp"];
                /** @description Who gave it. */
                granted_by: components["schemas"]["AccountId"];
                /** @description Its username. */
                username?: string | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_BulkItemView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Its id. */
                id: components["schemas"]["ReplyId"];
                outcome?: components["schemas"]["ItemOutcome"] | null;
                /**
                 * Format: int32
                 * @description The version that was looked at.
                 */
                version: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_BulkView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Who wants it. */
                account_id: components["schemas"]["AccountId"];
                action?: components["schemas"]["Verb"] | null;
                /** @description When it was begun. */
                created_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int64
                 * @description Replies that were come to.
                 */
                done: number;
                finished_at?: components["schemas"]["Timestamp"] | null;
                /** @description Its id, by which the log names it with each reply. */
                id: components["schemas"]["BulkId"];
                /** @description For the authors. */
                message?: string | null;
                /** @description For the log. */
                note?: string | null;
                /** @description What came of them so far. */
                outcomes: components["schemas"]["Outcomes"];
                reason?: components["schemas"]["Reason"] | null;
                /** @description Where it stands. */
                state: components["schemas"]["RunState"];
                /**
                 * Format: int64
                 * @description How many there are; null before they were found.
                 */
                total?: number | null;
                undoable_until?: components["schemas"]["Timestamp"] | null;
                undoes?: components["schemas"]["BulkId"] | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_CaseReportView: {
            /** @description The items, in the list's order. */
            items: {
                closed_at?: components["schemas"]["Timestamp"] | null;
                /** @description When. */
                created_at: components["schemas"]["Timestamp"];
                /** @description Its id. */
                id: components["schemas"]["ReportId"];
                outcome?: components["schemas"]["ReportFate"] | null;
                /** @description Why. */
                reason: components["schemas"]["Reason"];
                /** @description Who reported. */
                reporter: components["schemas"]["ReporterView"];
                /**
                 * Format: int32
                 * @description The revision that was reported.
                 */
                revision: number;
                /** @description More words. */
                text?: string | null;
                /**
                 * Format: int32
                 * @description What the reporter's word counted then, in hundredths of that of somebody without a record.
                 */
                weight: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_CaseView: {
            /** @description The items, in the list's order. */
            items: {
                closed_at?: components["schemas"]["Timestamp"] | null;
                closed_by?: components["schemas"]["AccountId"] | null;
                dismissed_at?: components["schemas"]["Timestamp"] | null;
                /**
                 * Format: int64
                 * @description The same of those that came since a moderator dismissed the like, and open nothing by themselves.
                 */
                held_back_weight: number;
                /** @description When it was opened, the last time. */
                opened_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int32
                 * @description How often it was opened again.
                 */
                reopened: number;
                /** @description The reply. */
                reply_id: components["schemas"]["ReplyId"];
                /** @description The key of its site. */
                site: string;
                /** @description Where it stands. */
                state: components["schemas"]["CaseStanding"];
                /**
                 * Format: int64
                 * @description What its open reports weigh together, in hundredths of one by somebody without a record.
                 */
                weight: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_ClaimableView: {
            /** @description The items, in the list's order. */
            items: {
                claimed_at?: components["schemas"]["Timestamp"] | null;
                finished_at?: components["schemas"]["Timestamp"] | null;
                /** @description The imported account. */
                id: components["schemas"]["AccountId"];
                /** @description Something was decided about him that holds, such as a ban: who has imposed it lifts it first. */
                is_sanctioned: boolean;
                /** @description As the export names him; anybody may have written under this name and address. */
                name: string;
                /**
                 * Format: int64
                 * @description Replies in any state that are not mine yet.
                 */
                replies: number;
                /** @description The site's key. */
                site: string;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_IdentityView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Since when. */
                created_at: components["schemas"]["Timestamp"];
                /** @description Its id. */
                id: components["schemas"]["IdentityId"];
                /** @description The issuer's key. */
                issuer: string;
                /** @description When one signed on by it last, or joined it. */
                last_used_at: components["schemas"]["Timestamp"];
                /** @description The site's key. */
                site: string;
                /** @description Who one is to the issuer. */
                sub: string;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_IssuerView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Whom its tokens must be for. */
                aud: string;
                /** @description Who made it so. */
                author_id: components["schemas"]["AccountId"];
                /** @description Since when it is registered. */
                created_at: components["schemas"]["Timestamp"];
                /** @description The same of the one that it took the place of, which is taken beside it. */
                former_secret_fingerprint?: string | null;
                /** @description Whether its tokens may give badges of this site. */
                gives_badges: boolean;
                /** @description The roles on this site that its tokens may give. */
                gives_roles: components["schemas"]["SiteRole"][];
                /** @description As its tokens name it. */
                iss: string;
                /** @description Whether an account from before is joined by its verified e-mail. */
                joins_by_verified_email: boolean;
                /** @description Its name in addresses. */
                key: string;
                /** @description The keys that are stored here. */
                keys: components["schemas"]["IssuerKeyView"][];
                /** @description Where the keys are fetched. */
                keys_url?: string | null;
                /** @description How they are signed. */
                kind: components["schemas"]["IssuerKind"];
                /** @description The secret that was just made. It is shown here and never again. */
                secret?: string | null;
                /** @description By which a secret is known from another; null: there is none, or it cannot be read. */
                secret_fingerprint?: string | null;
                /** @description When it was changed last. */
                updated_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int64
                 * @description What `If-Match` names to change it.
                 */
                version: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_LogEntryView: {
            /** @description The items, in the list's order. */
            items: {
                account_id?: components["schemas"]["AccountId"] | null;
                /** @description What was done. */
                action: components["schemas"]["Action"];
                actor_id?: components["schemas"]["AccountId"] | null;
                /** @description In what capacity somebody acted. */
                actor_kind: components["schemas"]["ActorKind"];
                /** @description When. */
                created_at: components["schemas"]["Timestamp"];
                /** @description What else there is to say. */
                details?: Record<string, never> | null;
                from_state?: components["schemas"]["ReplyState"] | null;
                /** @description Its id. */
                id: components["schemas"]["DecisionId"];
                /** @description For the author. */
                message?: string | null;
                /** @description For the log. */
                note?: string | null;
                reason?: components["schemas"]["Reason"] | null;
                reply_id?: components["schemas"]["ReplyId"] | null;
                /**
                 * Format: int32
                 * @description The version of the reply that this made.
                 */
                reply_version?: number | null;
                /** @description The request that did it, by the id in its answer's `X-Request-Id`; null for what no request did. */
                request_id?: string | null;
                story_id?: components["schemas"]["StoryId"] | null;
                to_state?: components["schemas"]["ReplyState"] | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_MutedView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description The account. */
                account_id: components["schemas"]["AccountId"];
                /** @description Since when. */
                created_at: components["schemas"]["Timestamp"];
                /** @description The name to be shown. */
                display_name: string;
                /** @description Null for a closed account. */
                username?: string | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_NoteView: {
            /** @description The items, in the list's order. */
            items: {
                account_id?: components["schemas"]["AccountId"] | null;
                /** @description Who wrote it. */
                author: components["schemas"]["NotePersonView"];
                /** @description When. */
                created_at: components["schemas"]["Timestamp"];
                /** @description Its id. */
                id: components["schemas"]["NoteId"];
                /** @description Who is named in it and has it in his inbox. */
                mentions: components["schemas"]["MentionedView"][];
                reply_id?: components["schemas"]["ReplyId"] | null;
                /** @description The key of the site whose moderators see it; null: admins alone. */
                site?: string | null;
                /** @description The text, plain. */
                text: string;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_NoticedTextView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Who wrote it. */
                author_id: components["schemas"]["AccountId"];
                /** @description The text that the notices are about, in Markdown. */
                body: string;
                /** @description The oldest of them. */
                first: components["schemas"]["ReceivedNoticeView"];
                /**
                 * Format: int32
                 * @description How many notices about it are open.
                 */
                notices: number;
                /** @description The reply. */
                reply_id: components["schemas"]["ReplyId"];
                /**
                 * Format: int32
                 * @description Which of its texts is there by now; where that is not the one of the notices, a decision to remove names it.
                 */
                revision: number;
                /** @description The key of its site. */
                site: string;
                /** @description Where the reply stands by now. */
                state: components["schemas"]["ReplyState"];
                /** @description Its story. */
                story_id: components["schemas"]["StoryId"];
                /**
                 * Format: int32
                 * @description Its version by now, to decide on.
                 */
                version: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_OwnReportView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description When. */
                created_at: components["schemas"]["Timestamp"];
                /** @description Its id. */
                id: components["schemas"]["ReportId"];
                /** @description Why. */
                reason: components["schemas"]["Reason"];
                /** @description The reply. */
                reply_id: components["schemas"]["ReplyId"];
                /** @description What came of it. */
                state: components["schemas"]["ReportStanding"];
                /** @description More words. */
                text?: string | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_OwnSanctionView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Since when. */
                created_at: components["schemas"]["Timestamp"];
                /** @description Its id. */
                id: components["schemas"]["SanctionId"];
                /** @description Whether it holds at present. */
                is_active: boolean;
                /** @description What it does. */
                kind: components["schemas"]["SanctionKind"];
                lifted_at?: components["schemas"]["Timestamp"] | null;
                /** @description What one is told. */
                message?: string | null;
                /**
                 * Format: int32
                 * @description Replies that may be posted in a day.
                 */
                per_day?: number | null;
                read_at?: components["schemas"]["Timestamp"] | null;
                reply_id?: components["schemas"]["ReplyId"] | null;
                site_id?: components["schemas"]["SiteId"] | null;
                until?: components["schemas"]["Timestamp"] | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_PolicyRunView: {
            /** @description The items, in the list's order. */
            items: {
                author_id?: components["schemas"]["AccountId"] | null;
                /** @description When. */
                created_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int64
                 * @description Replies looked at.
                 */
                done: number;
                finished_at?: components["schemas"]["Timestamp"] | null;
                /** @description Its id. */
                id: components["schemas"]["PolicyRunId"];
                /** @description What it does. */
                kind: components["schemas"]["RunKind"];
                rerun?: components["schemas"]["RerunView"] | null;
                simulation?: components["schemas"]["Simulation"] | null;
                /** @description Where it stands. */
                state: components["schemas"]["RunState"];
                /**
                 * Format: int64
                 * @description How many there are to look at, as far as that is known.
                 */
                total: number;
                undoes?: components["schemas"]["PolicyRunId"] | null;
                undone?: components["schemas"]["UndoneView"] | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_PolicyVersionView: {
            /** @description The items, in the list's order. */
            items: {
                author_id?: components["schemas"]["AccountId"] | null;
                /** @description When. */
                created_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int64
                 * @description The former version that it was made of.
                 */
                restored_from?: number | null;
                /**
                 * Format: int64
                 * @description Raised by each change.
                 */
                version: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_QueueCountsView: {
            /** @description The items, in the list's order. */
            items: {
                /**
                 * Format: int64
                 * @description Refused, and their authors appeal.
                 */
                appeals: number;
                /**
                 * Format: int64
                 * @description Public.
                 */
                approved: number;
                /**
                 * Format: int64
                 * @description Public and flagged by the rules.
                 */
                flagged: number;
                /**
                 * Format: int64
                 * @description Waiting.
                 */
                pending: number;
                /**
                 * Format: int64
                 * @description Refused.
                 */
                rejected: number;
                /**
                 * Format: int64
                 * @description Public with open reports.
                 */
                reported: number;
                /**
                 * Format: int64
                 * @description With their authors, to be changed.
                 */
                returned: number;
                /** @description The site's key. */
                site: string;
                /**
                 * Format: int64
                 * @description Taken for spam.
                 */
                spam: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_QueueItemView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description What it answers, the top-level reply first. */
                ancestors: components["schemas"]["QueueAncestorView"][];
                /** @description Ancestors that are not shown, as their texts are too long: those farthest away. */
                ancestors_left_out: number;
                /**
                 * Format: int32
                 * @description The revision of the reply that was answered.
                 */
                answered_revision?: number | null;
                appeal?: components["schemas"]["AppealView"] | null;
                /** @description Who wrote it. */
                author: components["schemas"]["QueueAuthorView"];
                /** @description The text in Markdown. */
                body: string;
                /** @description The text as sanitised HTML. */
                body_html: components["schemas"]["SafeHtml"];
                /** @description When it was posted. */
                created_at: components["schemas"]["Timestamp"];
                decided_by?: components["schemas"]["Decider"] | null;
                /** @description The newest rows of the log about it; 20 at most. */
                decisions: components["schemas"]["LogEntryView"][];
                edited_at?: components["schemas"]["Timestamp"] | null;
                /** @description The findings that asked for more than the mode: the strictest ones, with 20 places at most each. */
                findings: components["schemas"]["FindingView"][];
                flagged_at?: components["schemas"]["Timestamp"] | null;
                /** @description The reply's id. */
                id: components["schemas"]["ReplyId"];
                in_reply_to?: components["schemas"]["ReplyId"] | null;
                /** @description Whether staff made that change. */
                is_edited_by_staff: boolean;
                /** @description Rules that could not run. */
                not_run: components["schemas"]["NotRunView"][];
                /**
                 * Format: int64
                 * @description Notes of moderators about it; 0 where it is one's own.
                 */
                notes: number;
                /**
                 * Format: int32
                 * @description Open reports.
                 */
                open_reports: number;
                parent_id?: components["schemas"]["ReplyId"] | null;
                /**
                 * Format: int32
                 * @description Recommendations.
                 */
                recommendations: number;
                /** @description The newest reports, closed ones too; 20 at most. */
                reports: components["schemas"]["ReportView"][];
                returned?: components["schemas"]["ReturnView"] | null;
                /**
                 * Format: int32
                 * @description Which text of the reply it is, from 1.
                 */
                revision: number;
                /** @description The key of its site. */
                site: string;
                /** @description Where it stands. */
                state: components["schemas"]["ReplyState"];
                /** @description Its story. */
                story: components["schemas"]["QueueStoryView"];
                /**
                 * Format: int32
                 * @description The version to decide on.
                 */
                version: number;
                /**
                 * Format: int32
                 * @description Public replies below.
                 */
                visible_below: number;
                waiting?: components["schemas"]["WaitingView"] | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_ReceivedNoticeView: {
            /** @description The items, in the list's order. */
            items: {
                account_id?: components["schemas"]["AccountId"] | null;
                decision_id?: components["schemas"]["NoticeDecisionId"] | null;
                /** @description Why it is illegal. */
                explanation: string;
                /** @description Which kind of law the reply breaks. */
                ground: components["schemas"]["NoticeGround"];
                /** @description Its id. */
                id: components["schemas"]["NoticeId"];
                /** @description Which law. */
                law?: string | null;
                /** @description A guest's name, until it is erased. */
                name?: string | null;
                /** @description When it was received. */
                received_at: components["schemas"]["Timestamp"];
                /** @description What its notifier knows it by. */
                reference: string;
                /**
                 * Format: int32
                 * @description Which of the reply's texts it is about, from 1.
                 */
                revision: number;
                /** @description Where it stands. */
                state: components["schemas"]["NoticeState"];
                /** @description The account's name; null for a guest and for a closed account. */
                username?: string | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_ReplyView: {
            /** @description The items, in the list's order. */
            items: {
                author?: components["schemas"]["AuthorView"] | null;
                body_html?: components["schemas"]["SafeHtml"] | null;
                /** @description When it was posted. */
                created_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int32
                 * @description 1 at top level, 33 at most.
                 */
                depth: number;
                edited_at?: components["schemas"]["Timestamp"] | null;
                featured?: components["schemas"]["FeaturedView"] | null;
                /** @description Its id. */
                id: components["schemas"]["ReplyId"];
                in_reply_to?: components["schemas"]["ReplyId"] | null;
                /** @description Whether staff made that change instead of the author. */
                is_edited_by_staff: boolean;
                /** @description Not public itself: only its place is shown. */
                is_tombstone: boolean;
                parent_id?: components["schemas"]["ReplyId"] | null;
                /**
                 * Format: int32
                 * @description Recommendations by readers.
                 */
                recommendations: number;
                /**
                 * Format: int32
                 * @description Public replies directly below.
                 */
                replies: number;
                /** @description The story that it belongs to. */
                story_id: components["schemas"]["StoryId"];
                /**
                 * Format: int32
                 * @description Raised by each edit and change of state; edits and decisions name it. Null for a tombstone.
                 */
                version?: number | null;
                /**
                 * Format: int32
                 * @description Public replies below, at any depth.
                 */
                visible_below: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_RevisionView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description The text in Markdown. */
                body: string;
                /** @description When it came. */
                created_at: components["schemas"]["Timestamp"];
                /** @description When the next one replaced it. */
                replaced_at: components["schemas"]["Timestamp"];
                replaced_by?: components["schemas"]["AccountId"] | null;
                /**
                 * Format: int32
                 * @description Its number, from 1.
                 */
                revision: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_SanctionView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description On whom. */
                account_id: components["schemas"]["AccountId"];
                bulk_id?: components["schemas"]["BulkId"] | null;
                /** @description Since when. */
                created_at: components["schemas"]["Timestamp"];
                created_by?: components["schemas"]["AccountId"] | null;
                /** @description Its id. */
                id: components["schemas"]["SanctionId"];
                /** @description Whether it holds at present. */
                is_active: boolean;
                /** @description What it does. */
                kind: components["schemas"]["SanctionKind"];
                lifted_at?: components["schemas"]["Timestamp"] | null;
                lifted_by?: components["schemas"]["AccountId"] | null;
                /** @description What the person is told. */
                message?: string | null;
                /**
                 * Format: int32
                 * @description Replies that may be posted in a day.
                 */
                per_day?: number | null;
                read_at?: components["schemas"]["Timestamp"] | null;
                /** @description Why, for those who moderate. */
                reason: string;
                reply_id?: components["schemas"]["ReplyId"] | null;
                site_id?: components["schemas"]["SiteId"] | null;
                until?: components["schemas"]["Timestamp"] | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_SavedQueueView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Whose work it is. */
                assigned_to: components["schemas"]["AccountId"][];
                /** @description What is in it by now, of that which the caller moderates. */
                count: components["schemas"]["AmountView"];
                /** @description When it was made. */
                created_at: components["schemas"]["Timestamp"];
                /** @description What it takes. */
                filter: components["schemas"]["QueueFilter"];
                /** @description Its id. */
                id: components["schemas"]["SavedQueueId"];
                /** @description Whether all who moderate its sites see it. */
                is_shared: boolean;
                /** @description Its name. */
                name: string;
                /** @description Who made it. */
                owner_id: components["schemas"]["AccountId"];
                /** @description When it was changed. */
                updated_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int64
                 * @description Raised by each change.
                 */
                version: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_SessionView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description When it began. */
                created_at: components["schemas"]["Timestamp"];
                /** @description From what device it began, as in `Firefox on Linux`; null if that is not known. */
                device?: string | null;
                /** @description When it ends, however often it is used. */
                expires_at: components["schemas"]["Timestamp"];
                /** @description Its id. */
                id: components["schemas"]["SessionId"];
                /** @description Whether it is the one that asks. */
                is_current: boolean;
                /** @description The hour in which it was used last. */
                last_used_at: components["schemas"]["Timestamp"];
                /** @description Where, as in `Bergen, Norway`; null if that is not known. */
                place?: string | null;
                /** @description How it began. */
                way: components["schemas"]["SessionWay"];
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_SiteBadgeView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Whether every site has it: it cannot be deleted. */
                is_built_in: boolean;
                /** @description Its name in addresses. */
                key: string;
                /** @description What is shown. */
                label: string;
                /**
                 * Format: int64
                 * @description What `If-Match` names to change it.
                 */
                version: number;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_SiteRoleView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Whose. */
                account_id: components["schemas"]["AccountId"];
                /** @description Since when. */
                granted_at: components["schemas"]["Timestamp"];
                granted_by?: components["schemas"]["AccountId"] | null;
                /** @description The role. */
                role: components["schemas"]["SiteRole"];
                /** @description Null for a closed account. */
                username?: string | null;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_SiteView: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Its id. */
                id: components["schemas"]["SiteId"];
                /** @description Takes no stories and no replies any more. */
                is_closed: boolean;
                /** @description Its name in addresses. */
                key: string;
                /** @description Its name. */
                name: string;
                /** @description A line about it. */
                tagline: string;
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_StoryView: {
            /** @description The items, in the list's order. */
            items: {
                closes_at?: components["schemas"]["Timestamp"] | null;
                commentary?: components["schemas"]["CommentaryView"] | null;
                effective_closes_at?: components["schemas"]["Timestamp"] | null;
                /** @description The quoted report. */
                excerpt?: string | null;
                /** @description The site's own id of it. */
                external_id: string;
                /** @description The headline. */
                headline: string;
                /** @description Its id. */
                id: components["schemas"]["StoryId"];
                /** @description Whether replies are taken. */
                is_closed: boolean;
                moderation_mode?: components["schemas"]["ModerationMode"] | null;
                /** @description When it was published. */
                published_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int64
                 * @description Public replies.
                 */
                replies: number;
                /** @description Where the blog puts it. */
                section?: string | null;
                /** @description The key of its site. */
                site: string;
                source?: components["schemas"]["SourceView"] | null;
                /** @description What it is about. */
                tags: string[];
                /** @description Its URLs, the canonical one first. */
                urls: string[];
            }[];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
        };
        /** @description A part of two texts. */
        Part: {
            /** @description What became of it. */
            change: components["schemas"]["Change"];
            /** @description The part, byte for byte. */
            text: string;
        };
        /** @description A reply with its surroundings. */
        PermalinkView: components["schemas"]["ReplyView"] & {
            /** @description The ancestors, the top-level one first. */
            ancestors: components["schemas"]["ReplyView"][];
            /** @description Ancestors that are not shown, as their texts are too long for one page: those farthest away. */
            ancestors_left_out: number;
            /** @description The first ones below it in reading order. */
            below: components["schemas"]["Page_ReplyView"];
            /** @description What changes about the story. */
            story: components["schemas"]["StoryState"];
        };
        /** @description Settings of all rules; what is absent is as if nobody had changed it. */
        Policy: {
            /**
             * @description What was learnt of decisions.
             * @default {
             *       "outcome": "hold",
             *       "threshold": null
             *     }
             */
            classifier: components["schemas"]["ClassifierSettings"];
            /**
             * @description What authors may expect of refusals; no rule about texts either.
             * @default {
             *       "appeal_days": 14,
             *       "return_days": 7
             *     }
             */
            fairness: components["schemas"]["FairnessSettings"];
            /**
             * @description The author's history.
             * @default {
             *       "first_replies": 0,
             *       "refused_of": 3,
             *       "refused_percent": 50,
             *       "young_minutes": 0
             *     }
             */
            history: components["schemas"]["HistorySettings"];
            /**
             * @description Links.
             * @default {
             *       "allow": [],
             *       "deny": [],
             *       "max": 5,
             *       "newcomer_below": 3,
             *       "newcomer_max": 2,
             *       "pretending": "hold"
             *     }
             */
            links: components["schemas"]["LinkSettings"];
            /**
             * @description What becomes of notices of illegal content; no rule about texts.
             * @default {
             *       "guests": "confirmed_email",
             *       "guests_kept_days": 180
             *     }
             */
            notices: components["schemas"]["NoticeSettings"];
            /**
             * @description Replies in a minute and in an hour.
             * @default {
             *       "address_hour": 0,
             *       "address_minute": 0,
             *       "author_hour": 0,
             *       "author_minute": 0,
             *       "outcome": "hold",
             *       "story_hour": 0,
             *       "story_minute": 0,
             *       "trusted_from": 10,
             *       "trusted_times": 3
             *     }
             */
            pace: components["schemas"]["PaceSettings"];
            /**
             * @description Texts that were posted before.
             * @default {
             *       "near": "hold",
             *       "own": "hold",
             *       "own_hours": 24,
             *       "own_min_chars": 20
             *     }
             */
            repeats: components["schemas"]["RepeatSettings"];
            /**
             * @description What reports do; no rule about texts.
             * @default {
             *       "hold_at_weight": null,
             *       "immunity_hours": 24,
             *       "reopen_at_weight": 5
             *     }
             */
            reports: components["schemas"]["ReportSettings"];
            /**
             * @description What moderators are advised to do about people; no rule about texts.
             * @default {
             *       "forget_days": 365,
             *       "steps": [
             *         {
             *           "kind": "warn"
             *         },
             *         {
             *           "days": 7,
             *           "kind": "slow",
             *           "per_day": 3
             *         },
             *         {
             *           "days": 30,
             *           "kind": "premoderate"
             *         },
             *         {
             *           "days": 7,
             *           "kind": "suspend"
             *         },
             *         {
             *           "kind": "ban"
             *         }
             *       ]
             *     }
             */
            sanctions: components["schemas"]["SanctionSettings"];
            /**
             * @description How a text looks.
             * @default {
             *       "direction": "hold",
             *       "invisible": "hold",
             *       "mostly_links": "hold",
             *       "mostly_symbols": "flag",
             *       "shouting": "flag",
             *       "unusually_long": "flag"
             *     }
             */
            shape: components["schemas"]["ShapeSettings"];
            /**
             * @description Phrases.
             * @default {
             *       "accents": "ignored",
             *       "hold": [],
             *       "spam": []
             *     }
             */
            words: components["schemas"]["WordSettings"];
        };
        /** Format: uuid */
        PolicyRunId: string;
        /** @description A run of a policy. */
        PolicyRunView: {
            author_id: components["schemas"]["AccountId"] | null;
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Replies looked at.
             */
            done: number;
            finished_at: components["schemas"]["Timestamp"] | null;
            /** @description Its id. */
            id: components["schemas"]["PolicyRunId"];
            /** @description What it does. */
            kind: components["schemas"]["RunKind"];
            rerun: components["schemas"]["RerunView"] | null;
            simulation: components["schemas"]["Simulation"] | null;
            /** @description Where it stands. */
            state: components["schemas"]["RunState"];
            /**
             * Format: int64
             * @description How many there are to look at, as far as that is known.
             */
            total: number;
            undoes: components["schemas"]["PolicyRunId"] | null;
            undone: components["schemas"]["UndoneView"] | null;
        };
        /** @description What the rules say of a text. */
        PolicyTestView: {
            /** @description What each rule said, but for those that count what is there when a reply is stored: pace and repeats. */
            findings: components["schemas"]["FindingView"][];
            /**
             * Format: int64
             * @description Microseconds that they took together.
             */
            micros: number;
            /** @description Rules that could not run. */
            not_run: components["schemas"]["NotRunView"][];
            /** @description What follows from all of them together. */
            outcome: components["schemas"]["Outcome"];
        };
        /** @description A version of a site's policy, without its settings. */
        PolicyVersionView: {
            author_id: components["schemas"]["AccountId"] | null;
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description The former version that it was made of.
             */
            restored_from: number | null;
            /**
             * Format: int64
             * @description Raised by each change.
             */
            version: number;
        };
        /** @description A version of a site's policy. */
        PolicyView: {
            author_id: components["schemas"]["AccountId"] | null;
            created_at: components["schemas"]["Timestamp"] | null;
            /** @description The settings. */
            policy: components["schemas"]["Policy"];
            /**
             * Format: int64
             * @description The former version that it was made of.
             */
            restored_from: number | null;
            /**
             * Format: int64
             * @description Raised by each change; 0: what every site begins with.
             */
            version: number;
        };
        /** @description A reply just posted or edited. */
        PostedReplyView: components["schemas"]["OwnReplyView"] & {
            /**
             * Format: int64
             * @description The story's version that shows it, if it is public: `min_version` of pages that must.
             */
            story_version: number;
        };
        /** @description A text to be looked at. */
        PreviewReply: {
            /** @description The text in Markdown. */
            body: string;
        };
        /** @description A text as it would be shown. */
        PreviewView: {
            /** @description Sanitised HTML. */
            body_html: components["schemas"]["SafeHtml"];
        };
        /** @description What is kept of people. */
        PrivacyView: {
            /**
             * Format: int64
             * @description How long somebody can undo that he closes his account.
             */
            closing_can_be_undone_seconds: number;
            /**
             * Format: int64
             * @description How often somebody can ask for a copy of all that is kept of him, at most.
             */
            copies_every_seconds: number;
            /**
             * @description All of it. Network addresses are not kept in any other form, and nothing is told to third parties unless a site has its
             *     replies checked outside.
             */
            kept: components["schemas"]["KeptView"][];
        };
        /** @description Problem details (RFC 9457) */
        Problem: {
            claim?: components["schemas"]["ClaimView"];
            /** @enum {string} */
            code: "invalid_json" | "invalid_query" | "invalid_cursor" | "invalid_header" | "invalid_request" | "sign_on_unknown" | "unauthenticated" | "wrong_credentials" | "second_factor_required" | "wrong_code" | "invalid_refresh_token" | "invalid_sso_token" | "forbidden" | "suspended" | "warning_unread" | "email_unverified" | "work_needed" | "staff_factor_missing" | "proof_needed" | "origin_not_allowed" | "own_reply" | "insufficient_scope" | "unknown_subject" | "first_decider" | "edit_window_over" | "not_found" | "method_not_allowed" | "request_timeout" | "version_conflict" | "claimed" | "state_conflict" | "username_taken" | "username_changed_lately" | "key_taken" | "url_taken" | "story_closed" | "parent_not_public" | "precondition_failed" | "body_too_large" | "uri_too_long" | "unsupported_media_type" | "invalid_fields" | "invalid_code" | "idempotency_mismatch" | "precondition_required" | "too_many_requests" | "too_many_attempts" | "too_many_replies" | "internal" | "busy" | "storage_full";
            current?: components["schemas"]["CurrentState"];
            detail?: string;
            errors?: components["schemas"]["FieldError"][];
            featured?: components["schemas"]["PutFeaturedItem"][];
            sanction?: components["schemas"]["SanctionView"];
            state?: string;
            status: number;
            /** Format: uuid */
            story_id?: string;
            title: string;
            type: string;
            /** Format: uuid */
            undone_by?: string;
            version?: string;
            work?: components["schemas"]["WorkNeededView"];
        };
        /** @description A code of the second factor; without one the password. */
        ProveSession: {
            /** @description A code of the second factor, or a recovery code. */
            code?: string | null;
            /**
             * Format: password
             * @description The password, of an account without a second factor.
             */
            password?: string | null;
        };
        /** @description What a badge is to show. */
        PutBadge: {
            /** @description One line. */
            label: string;
        };
        /** @description The columnist's part. */
        PutCommentary: {
            /** @description Who wrote it. */
            author_name: string;
            /** @description The text in Markdown. */
            body: string;
            /** @description What stands above it, such as "KC's View". */
            label: string;
        };
        /** @description A story's list of featured replies as it is to be. */
        PutFeatured: {
            /** @description All that are featured, in their new order. */
            items: components["schemas"]["PutFeaturedItem"][];
        };
        /** @description One of them. */
        PutFeaturedItem: {
            /** @description Words above it; absent or null: none. */
            label?: string | null;
            /** @description The reply. */
            reply_id: components["schemas"]["ReplyId"];
        };
        /** @description Who is to issue tokens, how they are signed, and what they may do; what is absent is not so. */
        PutIssuer: {
            /** @description Whom its tokens must be for, at a provider the client's id; what it issues for others is not taken here. */
            aud: string;
            /** @description Ends all sessions that began by its tokens, such as when a key was stolen. */
            end_sessions?: boolean;
            /** @description Whether tokens may give badges of this site. */
            gives_badges?: boolean;
            /** @description The roles on this site that tokens may give. */
            gives_roles?: components["schemas"]["SiteRole"][];
            /** @description As its tokens name it, often the blog's address; of a provider its own. It stays as it is: people are known by it. */
            iss: string;
            /** @description Whether an account from before, with the same e-mail verified, becomes that of who signs on with a verified e-mail. */
            joins_by_verified_email?: boolean;
            /** @description For `keys`: a JSON Web Key Set of public keys, 20 at most: Ed25519, P-256, or RSA of 2048 bits or more. */
            keys?: Record<string, never> | null;
            /** @description For `keys_url`: where such a document is, at `https://`. */
            keys_url?: string | null;
            /** @description How they are signed. */
            kind: components["schemas"]["IssuerKind"];
            /**
             * @description Puts the given secret, or else a new one, in the place of the present one, which is taken beside it until the next
             *     change.
             */
            rotate?: boolean;
            /**
             * Format: password
             * @description For `secret`: the text whose bytes sign, 32 to 256 of them; absent or null: the one that there is, else a new one is
             *     made. For `oidc`: the client's secret, 8 to 256 bytes; absent or null: the one that there is, else none.
             */
            secret?: string | null;
        };
        /** @description Who is to be asked. */
        PutOutsideCheck: {
            /** @description The site's front page, by which a service knows it; needed for one and possible nowhere else. */
            blog_url?: string | null;
            /** @description The site's own endpoint, or a service that speaks Akismet's protocol. */
            kind: components["schemas"]["OutsideKind"];
            /**
             * @description Puts the given secret, or else a new one, in the place of the present one, which goes on signing beside it until
             *     the next change. Only for an endpoint.
             */
            rotate?: boolean;
            /**
             * @description What signs the questions to an endpoint, `whsec_` and 24 to 64 bytes in base64; absent or null: the one that there
             *     is, else a new one is made. For a service its key; absent or null: the one that there is for this address.
             */
            secret?: string | null;
            /** @description The endpoint, at `https://`. Of a service where it is, if that is not Akismet itself. Moderators see it. */
            url?: string | null;
        };
        /** @description Where a report comes from. */
        PutSource: {
            /** @description The publication. */
            name?: string | null;
            /** @description The report there. */
            url?: string | null;
        };
        /** @description A story, whole: what is absent is taken away. */
        PutStory: {
            closes_at?: components["schemas"]["Timestamp"] | null;
            commentary?: components["schemas"]["PutCommentary"] | null;
            /** @description The quoted report, plain text. */
            excerpt?: string | null;
            /** @description The headline. */
            headline: string;
            moderation_mode?: components["schemas"]["ModerationMode"] | null;
            published_at?: components["schemas"]["Timestamp"] | null;
            /** @description Where the blog puts it, such as "Politics". */
            section?: string | null;
            source?: components["schemas"]["PutSource"] | null;
            /** @description What it is about; one that is named twice counts once. */
            tags?: string[];
            /** @description Its http or https URLs, the canonical one first; each belongs to one story of the site. */
            urls?: string[];
        };
        /** @description Which stories; `site` is needed for external ids and URLs. */
        QueryCounts: {
            /**
             * @description Stories by the site's own id.
             * @default []
             */
            external_id: string[];
            /**
             * @description Stories by id.
             * @default []
             */
            id: components["schemas"]["StoryId"][];
            /**
             * @description The key of the site that external ids and URLs belong to.
             * @default null
             */
            site: string | null;
            /**
             * @description Stories by any of their URLs.
             * @default []
             */
            url: string[];
        };
        /** @description An ancestor of a queued reply, whatever its state. */
        QueueAncestorView: {
            /** @description Who wrote it. */
            author_id: components["schemas"]["AccountId"];
            /** @description The text as sanitised HTML. */
            body_html: components["schemas"]["SafeHtml"];
            /** @description When it was posted. */
            created_at: components["schemas"]["Timestamp"];
            /** @description The name to be shown. */
            display_name: string;
            /** @description Its id. */
            id: components["schemas"]["ReplyId"];
            /**
             * Format: int32
             * @description Which text of the reply it is.
             */
            revision: number;
            /** @description Where it stands. */
            state: components["schemas"]["ReplyState"];
        };
        /** @description The author of a queued reply with their history on the site. */
        QueueAuthorView: {
            /** @description Since when there is the account. */
            created_at: components["schemas"]["Timestamp"];
            /** @description The name to be shown. */
            display_name: string;
            /** @description The account's id. */
            id: components["schemas"]["AccountId"];
            /**
             * Format: int64
             * @description Notes of the site's moderators about them; 0 where that is oneself.
             */
            notes: number;
            /** @description Replies on this site by state. */
            replies: components["schemas"]["AuthorCountsView"];
            /** @description Null for a closed account. */
            username: string | null;
        };
        /** @description Numbers of a site's queues, exact. */
        QueueCountsView: {
            /**
             * Format: int64
             * @description Refused, and their authors appeal.
             */
            appeals: number;
            /**
             * Format: int64
             * @description Public.
             */
            approved: number;
            /**
             * Format: int64
             * @description Public and flagged by the rules.
             */
            flagged: number;
            /**
             * Format: int64
             * @description Waiting.
             */
            pending: number;
            /**
             * Format: int64
             * @description Refused.
             */
            rejected: number;
            /**
             * Format: int64
             * @description Public with open reports.
             */
            reported: number;
            /**
             * Format: int64
             * @description With their authors, to be changed.
             */
            returned: number;
            /** @description The site's key. */
            site: string;
            /**
             * Format: int64
             * @description Taken for spam.
             */
            spam: number;
        };
        /** @description Something that happened to a reply in the queues. */
        QueueEvent: {
            account_id: components["schemas"]["AccountId"] | null;
            action: components["schemas"]["Action"] | null;
            queue: components["schemas"]["WorkQueue"] | null;
            /** @description The reply. */
            reply_id: components["schemas"]["ReplyId"];
            /** @description The reply's site. */
            site_id: components["schemas"]["SiteId"];
            until: components["schemas"]["Timestamp"] | null;
            /** @description What happened. */
            what: components["schemas"]["Happening"];
        };
        /**
         * @description Which replies: those that are in one of each list that says something. Sites are named by their ids, on the wire by their
         *     keys.
         */
        QueueFilter: {
            /**
             * Format: int32
             * @description Only by authors with fewer approved replies on the site than that.
             */
            author_approved_below?: number | null;
            /**
             * Format: int32
             * @description Only by accounts that are younger than so many days.
             */
            author_days_below?: number | null;
            /** @description Accounts of authors. */
            authors?: components["schemas"]["AccountId"][];
            /** @description Languages of the text, by their shortest tags (BCP 47): `de`; `und` where it cannot be told. */
            languages?: string[];
            /**
             * @description Queues out of which work is handed, or lists of what was decided, not both; `pending`, `reported` and `flagged` if
             *     empty.
             */
            queues?: components["schemas"]["QueueName"][];
            /** @description What open reports are for; of what was decided, any reports. */
            reasons?: components["schemas"]["Reason"][];
            /** @description Rules, one of which found something in the text. */
            rules?: components["schemas"]["RuleName"][];
            /** @description Sections of stories. */
            sections?: string[];
            /** @description Sites; all that one moderates if empty. */
            sites?: string[];
            /** @description Stories. */
            stories?: components["schemas"]["StoryId"][];
            /** @description Tags of stories, one of which the story has. */
            tags?: string[];
            /** @description Words that the text has, as in a search. */
            text?: string | null;
            /**
             * Format: int32
             * @description Only what has waited for so many minutes; not of what was decided.
             */
            waiting_minutes?: number | null;
        };
        /** @description A reply as a moderator sees it. */
        QueueItemView: {
            /** @description What it answers, the top-level reply first. */
            ancestors: components["schemas"]["QueueAncestorView"][];
            /** @description Ancestors that are not shown, as their texts are too long: those farthest away. */
            ancestors_left_out: number;
            /**
             * Format: int32
             * @description The revision of the reply that was answered.
             */
            answered_revision: number | null;
            appeal: components["schemas"]["AppealView"] | null;
            /** @description Who wrote it. */
            author: components["schemas"]["QueueAuthorView"];
            /** @description The text in Markdown. */
            body: string;
            /** @description The text as sanitised HTML. */
            body_html: components["schemas"]["SafeHtml"];
            /** @description When it was posted. */
            created_at: components["schemas"]["Timestamp"];
            decided_by: components["schemas"]["Decider"] | null;
            /** @description The newest rows of the log about it; 20 at most. */
            decisions: components["schemas"]["LogEntryView"][];
            edited_at: components["schemas"]["Timestamp"] | null;
            /** @description The findings that asked for more than the mode: the strictest ones, with 20 places at most each. */
            findings: components["schemas"]["FindingView"][];
            flagged_at: components["schemas"]["Timestamp"] | null;
            /** @description The reply's id. */
            id: components["schemas"]["ReplyId"];
            in_reply_to: components["schemas"]["ReplyId"] | null;
            /** @description Whether staff made that change. */
            is_edited_by_staff: boolean;
            /** @description Rules that could not run. */
            not_run: components["schemas"]["NotRunView"][];
            /**
             * Format: int64
             * @description Notes of moderators about it; 0 where it is one's own.
             */
            notes: number;
            /**
             * Format: int32
             * @description Open reports.
             */
            open_reports: number;
            parent_id: components["schemas"]["ReplyId"] | null;
            /**
             * Format: int32
             * @description Recommendations.
             */
            recommendations: number;
            /** @description The newest reports, closed ones too; 20 at most. */
            reports: components["schemas"]["ReportView"][];
            returned: components["schemas"]["ReturnView"] | null;
            /**
             * Format: int32
             * @description Which text of the reply it is, from 1.
             */
            revision: number;
            /** @description The key of its site. */
            site: string;
            /** @description Where it stands. */
            state: components["schemas"]["ReplyState"];
            /** @description Its story. */
            story: components["schemas"]["QueueStoryView"];
            /**
             * Format: int32
             * @description The version to decide on.
             */
            version: number;
            /**
             * Format: int32
             * @description Public replies below.
             */
            visible_below: number;
            waiting: components["schemas"]["WaitingView"] | null;
        };
        /** @description What happened to replies in the queues of all sites where one moderates. */
        QueueItemsEventView: {
            /** @description In the order in which it was heard of, which of two instances may be another than that in which it happened. */
            items: components["schemas"]["QueueEvent"][];
        };
        /** @enum {string} */
        QueueName: "pending" | "reported" | "flagged" | "appeals" | "spam" | "approved" | "rejected" | "returned";
        /** @description The story of a queued reply. */
        QueueStoryView: {
            /** @description What stands above its commentary. */
            commentary_label: string | null;
            /** @description The site's own id of it. */
            external_id: string;
            /** @description The headline. */
            headline: string;
            /** @description Its id. */
            id: components["schemas"]["StoryId"];
        };
        /** @description The numbers of the queues of all sites where one moderates. */
        QueuesEventView: {
            /** @description Up to 100 sites, in the order of their keys. */
            items: components["schemas"]["QueueCountsView"][];
            /**
             * Format: int64
             * @description Raised by each change of a number: the event's id, and the next `since`.
             */
            version: number;
        };
        /** @enum {string} */
        Reason: "spam" | "abuse" | "off_topic" | "misinformation" | "illegal" | "other";
        /** @description A notice, as moderators see it: by whom, but not how a guest is reached. */
        ReceivedNoticeView: {
            account_id: components["schemas"]["AccountId"] | null;
            decision_id: components["schemas"]["NoticeDecisionId"] | null;
            /** @description Why it is illegal. */
            explanation: string;
            /** @description Which kind of law the reply breaks. */
            ground: components["schemas"]["NoticeGround"];
            /** @description Its id. */
            id: components["schemas"]["NoticeId"];
            /** @description Which law. */
            law: string | null;
            /** @description A guest's name, until it is erased. */
            name: string | null;
            /** @description When it was received. */
            received_at: components["schemas"]["Timestamp"];
            /** @description What its notifier knows it by. */
            reference: string;
            /**
             * Format: int32
             * @description Which of the reply's texts it is about, from 1.
             */
            revision: number;
            /** @description Where it stands. */
            state: components["schemas"]["NoticeState"];
            /** @description The account's name; null for a guest and for a closed account. */
            username: string | null;
        };
        /** @description Recovery codes, shown this once. */
        RecoveryCodesView: {
            /** @description Each is good once in place of a code from the device. */
            recovery_codes: string[];
        };
        /**
         * @description A way to object to a decision.
         * @enum {string}
         */
        Redress: "site" | "out_of_court" | "court";
        /** @description A refresh token. */
        RefreshSession: {
            /** @description The last refresh token; good for one use. Absent where a cookie holds it. */
            refresh_token?: string | null;
        };
        /** @description Settings of the rule. */
        RepeatSettings: {
            /**
             * @description What follows from a text that is nearly the same as another of the last 24 hours, by anybody; `pass` switches it
             *     off.
             * @default hold
             */
            near: components["schemas"]["Outcome"];
            /**
             * @description What follows from a text that the same author posted before; `pass` switches it off.
             * @default hold
             */
            own: components["schemas"]["Outcome"];
            /**
             * Format: int32
             * @description Hours in which that counts, 1 to 168.
             * @default 24
             */
            own_hours: number;
            /**
             * Format: int32
             * @description Characters from which on it counts: "Thanks!" may be said twice.
             * @default 20
             */
            own_min_chars: number;
        };
        /** Format: uuid */
        ReplyId: string;
        /** @enum {string} */
        ReplyState: "pending" | "approved" | "rejected" | "spam" | "withdrawn" | "returned";
        /**
         * @description A reply as readers see it. A tombstone, in place of a reply that is not public but has public ones below it, has no
         *     text and no author.
         */
        ReplyView: {
            author: components["schemas"]["AuthorView"] | null;
            body_html: components["schemas"]["SafeHtml"] | null;
            /** @description When it was posted. */
            created_at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description 1 at top level, 33 at most.
             */
            depth: number;
            edited_at: components["schemas"]["Timestamp"] | null;
            featured?: components["schemas"]["FeaturedView"] | null;
            /** @description Its id. */
            id: components["schemas"]["ReplyId"];
            in_reply_to: components["schemas"]["ReplyId"] | null;
            /** @description Whether staff made that change instead of the author. */
            is_edited_by_staff: boolean;
            /** @description Not public itself: only its place is shown. */
            is_tombstone: boolean;
            parent_id: components["schemas"]["ReplyId"] | null;
            /**
             * Format: int32
             * @description Recommendations by readers.
             */
            recommendations: number;
            /**
             * Format: int32
             * @description Public replies directly below.
             */
            replies: number;
            /** @description The story that it belongs to. */
            story_id: components["schemas"]["StoryId"];
            /**
             * Format: int32
             * @description Raised by each edit and change of state; edits and decisions name it. Null for a tombstone.
             */
            version: number | null;
            /**
             * Format: int32
             * @description Public replies below, at any depth.
             */
            visible_below: number;
        };
        /** @enum {string} */
        ReportFate: "upheld" | "dismissed" | "moot" | "held_back";
        /** Format: uuid */
        ReportId: string;
        /** @description A complaint. */
        ReportReply: {
            /** @description Why; not `illegal`, for which there is a form: a notice. */
            reason: components["schemas"]["Reason"];
            /** @description More words; needed for `other`. */
            text?: string | null;
            /**
             * Format: int32
             * @description The version of the reply that was read; the present one if absent, or if there is no such version yet. If the text
             *     was changed since, the report is about the former one: it is kept, and opens nothing.
             */
            version?: number | null;
        };
        /** @description What reports do on a site. */
        ReportSettings: {
            /**
             * Format: int32
             * @description How many it takes together that a public reply waits until a moderator looked: 1 to 1,000; null: never.
             * @default null
             */
            hold_at_weight: number | null;
            /**
             * Format: int32
             * @description For how many hours after a moderator dismissed reports the like of them opens nothing by itself: 0 to 720.
             * @default 24
             */
            immunity_hours: number;
            /**
             * Format: int32
             * @description How many readers without a record it takes together to open it again all the same: 1 to 1,000.
             * @default 5
             */
            reopen_at_weight: number;
        };
        /**
         * @description What a reporter is told.
         * @enum {string}
         */
        ReportStanding: "open" | "upheld" | "dismissed" | "moot" | "closed";
        /** @description A reader's complaint. */
        ReportView: {
            closed_at: components["schemas"]["Timestamp"] | null;
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            outcome: components["schemas"]["ReportFate"] | null;
            /** @description Why. */
            reason: components["schemas"]["Reason"];
            /** @description Who reported. */
            reporter_id: components["schemas"]["AccountId"];
            /** @description Null for a closed account. */
            reporter_username: string | null;
            /**
             * Format: int32
             * @description The revision that was reported.
             */
            revision: number;
            /** @description More words. */
            text: string | null;
            /**
             * Format: int32
             * @description What the reporter's word counted, in hundredths of that of somebody without a record.
             */
            weight: number;
        };
        /** @description Who reported, with what came of their reports on the site. */
        ReporterView: {
            /**
             * Format: int64
             * @description Reports after which a moderator left it as it was.
             */
            dismissed: number;
            /** @description The account. */
            id: components["schemas"]["AccountId"];
            /**
             * Format: int64
             * @description Reports after which a moderator refused the reply.
             */
            upheld: number;
            /** @description Null for a closed account. */
            username: string | null;
        };
        /** @description Whose password is to be set anew. */
        RequestPasswordReset: {
            /** @description The account's address. */
            email: string;
        };
        /** @description What came of running a policy again. */
        RerunView: {
            /**
             * Format: int64
             * @description Replies that passed and are public now.
             */
            released: number;
            /**
             * Format: int64
             * @description Replies that go on waiting.
             */
            still_waiting: number;
        };
        /** @description A mailed code, and the new password. */
        ResetPassword: {
            /** @description The eight digits that were mailed there, of which five tries are good. */
            code?: string | null;
            /** @description The address that was asked for. */
            email?: string | null;
            /**
             * Format: password
             * @description The password from now on.
             */
            new_password: string;
            /** @description What stands behind the `#` of the mailed link; or else `email` and `code`. */
            token?: string | null;
        };
        /** @description The last time that a reply went back to its author. */
        ReturnView: {
            /** @description When. */
            at: components["schemas"]["Timestamp"];
            /** @description Who gave it back. */
            by: components["schemas"]["AccountId"];
            /** @description Where that text and the present one are compared word by word; null while they are the same. */
            diff_at: string | null;
            /** @description What the author was told. */
            message: string;
            /**
             * Format: int32
             * @description Which text was returned, from 1.
             */
            revision: number;
            until: components["schemas"]["Timestamp"] | null;
        };
        /** @description What changed between two revisions. */
        RevisionDiffView: {
            /**
             * Format: int32
             * @description The former one.
             */
            from: number;
            /** @description The parts in order: without what was added they are the former text, without what was removed the later one. */
            parts: components["schemas"]["Part"][];
            /**
             * Format: int32
             * @description The later one.
             */
            to: number;
        };
        /** @description A former text of a reply. */
        RevisionView: {
            /** @description The text in Markdown. */
            body: string;
            /** @description When it came. */
            created_at: components["schemas"]["Timestamp"];
            /** @description When the next one replaced it. */
            replaced_at: components["schemas"]["Timestamp"];
            replaced_by: components["schemas"]["AccountId"] | null;
            /**
             * Format: int32
             * @description Its number, from 1.
             */
            revision: number;
        };
        /** @description How a key gets a new secret. */
        RotateApiKey: {
            /**
             * Format: int32
             * @description How long the present secret is taken beside the new one, in seconds: a week at most, 0 if it was seen by others. One from
             *     before, which was still taken, is not any more.
             */
            overlap_secs: number;
        };
        /** @description A rule that a text was refused for. */
        RuleGroundView: {
            /** @description Which. */
            rule: components["schemas"]["RuleName"];
            /** @description The parts of the text that it rests on, in order; 20 at most. */
            spans: components["schemas"]["SpanView"][];
        };
        /** @enum {string} */
        RuleName: "words" | "links" | "repeats" | "pace" | "history" | "shape" | "classifier" | "outside";
        /** @description How often a rule asked for what. */
        RuleTally: {
            /**
             * Format: int64
             * @description It could not run for another reason.
             */
            failures: number;
            /**
             * Format: int64
             * @description To be flagged.
             */
            flag: number;
            /**
             * Format: int64
             * @description To be held.
             */
            hold: number;
            /**
             * Format: int64
             * @description It took longer than it may.
             */
            overruns: number;
            /**
             * Format: int64
             * @description To be spam.
             */
            spam: number;
        };
        /** @enum {string} */
        Ruling: "upheld" | "overturned";
        /** @enum {string} */
        RunKind: "simulate" | "rerun" | "undo";
        /** @enum {string} */
        RunState: "waiting" | "running" | "done" | "cancelled" | "failed";
        SafeHtml: string;
        /** Format: uuid */
        SanctionId: string;
        /** @enum {string} */
        SanctionKind: "warn" | "premoderate" | "slow" | "suspend" | "ban";
        /** @description What a site advises its moderators to do about people. */
        SanctionSettings: {
            /**
             * Format: int32
             * @description After how many days a sanction does not count any more: 1 to 3,650.
             * @default 365
             */
            forget_days: number;
            /**
             * @description The first time, the second time, and so on; the last step from then on. 1 to 10.
             * @default [
             *       {
             *         "kind": "warn"
             *       },
             *       {
             *         "days": 7,
             *         "kind": "slow",
             *         "per_day": 3
             *       },
             *       {
             *         "days": 30,
             *         "kind": "premoderate"
             *       },
             *       {
             *         "days": 7,
             *         "kind": "suspend"
             *       },
             *       {
             *         "kind": "ban"
             *       }
             *     ]
             */
            steps: components["schemas"]["SanctionStep"][];
        };
        /** @description One step of an escalation. */
        SanctionStep: {
            /**
             * Format: int32
             * @description For how many days, 1 to 3,650; always of `suspend`, never of `warn` and `ban`, else for good if absent.
             */
            days?: number | null;
            /** @description What is to be done. */
            kind: components["schemas"]["SanctionKind"];
            /**
             * Format: int32
             * @description Replies a day, 1 to 100; of `slow` alone.
             */
            per_day?: number | null;
        };
        /** @description A sanction. */
        SanctionView: {
            /** @description On whom. */
            account_id: components["schemas"]["AccountId"];
            bulk_id: components["schemas"]["BulkId"] | null;
            /** @description Since when. */
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["AccountId"] | null;
            /** @description Its id. */
            id: components["schemas"]["SanctionId"];
            /** @description Whether it holds at present. */
            is_active: boolean;
            /** @description What it does. */
            kind: components["schemas"]["SanctionKind"];
            lifted_at: components["schemas"]["Timestamp"] | null;
            lifted_by: components["schemas"]["AccountId"] | null;
            /** @description What the person is told. */
            message: string | null;
            /**
             * Format: int32
             * @description Replies that may be posted in a day.
             */
            per_day: number | null;
            read_at: components["schemas"]["Timestamp"] | null;
            /** @description Why, for those who moderate. */
            reason: string;
            reply_id: components["schemas"]["ReplyId"] | null;
            site_id: components["schemas"]["SiteId"] | null;
            until: components["schemas"]["Timestamp"] | null;
        };
        /** @description Somebody's sanctions. */
        SanctionsView: components["schemas"]["Page_SanctionView"] & {
            suggestion: components["schemas"]["SanctionStep"] | null;
        };
        /** @description A queue to be saved. */
        SaveQueue: {
            /** @description Whose work it is: accounts that moderate all its sites, of which it names at least one. */
            assigned_to?: components["schemas"]["AccountId"][];
            /** @description What it takes. */
            filter: components["schemas"]["QueueFilter"];
            /** @description Whether all who moderate its sites see it; it names at least one then. */
            is_shared?: boolean;
            /** @description Its name. */
            name: string;
        };
        /** Format: uuid */
        SavedQueueId: string;
        /** @description A saved queue. */
        SavedQueueView: {
            /** @description Whose work it is. */
            assigned_to: components["schemas"]["AccountId"][];
            /** @description What is in it by now, of that which the caller moderates. */
            count: components["schemas"]["AmountView"];
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            /** @description What it takes. */
            filter: components["schemas"]["QueueFilter"];
            /** @description Its id. */
            id: components["schemas"]["SavedQueueId"];
            /** @description Whether all who moderate its sites see it. */
            is_shared: boolean;
            /** @description Its name. */
            name: string;
            /** @description Who made it. */
            owner_id: components["schemas"]["AccountId"];
            /** @description When it was changed. */
            updated_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Raised by each change.
             */
            version: number;
        };
        /** @enum {string} */
        Scope: "stories:write" | "featured:write" | "replies:act_as" | "replies:write" | "counts:read" | "moderation:read" | "moderation:decide" | "log:read";
        /** @description One's own second factor. */
        SecondFactorView: {
            /** @description Whether one's rights as staff sleep in this session until a code is shown. */
            is_missing: boolean;
            /**
             * Format: int64
             * @description How many recovery codes are left.
             */
            recovery_codes_left: number;
            since: components["schemas"]["Timestamp"] | null;
        };
        /** Format: uuid */
        SessionId: string;
        /** @description Somewhere that somebody is signed in. */
        SessionView: {
            /** @description When it began. */
            created_at: components["schemas"]["Timestamp"];
            /** @description From what device it began, as in `Firefox on Linux`; null if that is not known. */
            device: string | null;
            /** @description When it ends, however often it is used. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["SessionId"];
            /** @description Whether it is the one that asks. */
            is_current: boolean;
            /** @description The hour in which it was used last. */
            last_used_at: components["schemas"]["Timestamp"];
            /** @description Where, as in `Bergen, Norway`; null if that is not known. */
            place: string | null;
            /** @description How it began. */
            way: components["schemas"]["SessionWay"];
        };
        /** @enum {string} */
        SessionWay: "password" | "sso" | "oidc";
        /** @description Settings of the rule: what follows from each thing that it sees; `pass` switches it off. */
        ShapeSettings: {
            /**
             * @description Characters that turn the direction of a text around.
             * @default hold
             */
            direction: components["schemas"]["Outcome"];
            /**
             * @description Characters inside words that nobody sees.
             * @default hold
             */
            invisible: components["schemas"]["Outcome"];
            /**
             * @description Little beside links.
             * @default hold
             */
            mostly_links: components["schemas"]["Outcome"];
            /**
             * @description Little beside signs and pictures.
             * @default flag
             */
            mostly_symbols: components["schemas"]["Outcome"];
            /**
             * @description Capitals for most of the letters.
             * @default flag
             */
            shouting: components["schemas"]["Outcome"];
            /**
             * @description Far longer than the author's replies are.
             * @default flag
             */
            unusually_long: components["schemas"]["Outcome"];
        };
        /** @description Which replies a policy is tried on. */
        SimulatePolicy: {
            /**
             * Format: int32
             * @description The latest replies of the range, so many at most: 1 to 10,000; 1,000 if absent.
             */
            last?: number | null;
            policy?: components["schemas"]["Policy"] | null;
            since?: components["schemas"]["Timestamp"] | null;
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description What a policy would have done to the replies that it was tried on. */
        Simulation: {
            /** @description What each rule asked for. */
            by_rule: {
                [key: string]: components["schemas"]["RuleTally"];
            };
            /**
             * Format: int64
             * @description Held or put away, and refused by people.
             */
            caught: number;
            /** @description Some of each. */
            examples: components["schemas"]["Example"][];
            /**
             * Format: int64
             * @description Public and flagged.
             */
            flagged: number;
            /**
             * Format: int64
             * @description Waiting for a moderator.
             */
            held: number;
            /**
             * Format: int64
             * @description Public, and refused by people.
             */
            missed: number;
            /** @description Where they stand now; nothing of simulations that an older program made. */
            now?: components["schemas"]["StandNow"];
            /**
             * Format: int64
             * @description Public, flagged ones included.
             */
            public: number;
            /**
             * Format: int64
             * @description Waiting now, and public by this policy.
             */
            released: number;
            /**
             * Format: int64
             * @description Replies that it was tried on.
             */
            replies: number;
            /**
             * Format: int64
             * @description Put away as spam.
             */
            spam: number;
            /**
             * Format: int64
             * @description Held or put away by a rule, and approved by people.
             */
            wrongly_held: number;
        };
        /** @description A badge of a site. */
        SiteBadgeView: {
            /** @description Whether every site has it: it cannot be deleted. */
            is_built_in: boolean;
            /** @description Its name in addresses. */
            key: string;
            /** @description What is shown. */
            label: string;
            /**
             * Format: int64
             * @description What `If-Match` names to change it.
             */
            version: number;
        };
        /** Format: uuid */
        SiteId: string;
        /** @enum {string} */
        SiteRole: "author" | "moderator";
        /** @description A role that an account has on a site. */
        SiteRoleView: {
            /** @description Whose. */
            account_id: components["schemas"]["AccountId"];
            /** @description Since when. */
            granted_at: components["schemas"]["Timestamp"];
            granted_by: components["schemas"]["AccountId"] | null;
            /** @description The role. */
            role: components["schemas"]["SiteRole"];
            /** @description Null for a closed account. */
            username: string | null;
        };
        /** @description Settings of a site; what is absent stays as it is, or has its default on a new one. */
        SiteSettings: {
            /**
             * @description Websites whose pages may call, as origins such as `https://blog.example`.
             * @default null
             */
            allowed_origins: string[] | null;
            /**
             * Format: int32
             * @description Days after publication when stories close; 0: never, as on a new site.
             * @default null
             */
            close_after_days: number | null;
            /**
             * @description What the site's mails are headed with, as `#rrggbb`; empty for none, as on a new site.
             * @default null
             */
            colour: string | null;
            /**
             * Format: int32
             * @description Seconds in which authors may edit; 0: never; 300 on a new site.
             * @default null
             */
            edit_window_secs: number | null;
            /**
             * @description Takes no stories and no replies any more; reading goes on.
             * @default null
             */
            is_closed: boolean | null;
            /**
             * @description Its name in addresses: 1 to 40 lower-case letters, digits and inner hyphens. Whoever changes it changes the
             *     addresses of the site's stories too.
             * @default null
             */
            key: string | null;
            /** @default null */
            moderation_mode: components["schemas"]["ModerationMode"] | null;
            /**
             * @description Whether moderators may change the policy; only admins on a new site.
             * @default null
             */
            moderators_change_policy: boolean | null;
            /**
             * @description Its name.
             * @default null
             */
            name: string | null;
            /**
             * @description Names that nobody may take.
             * @default null
             */
            reserved_names: string[] | null;
            /**
             * @description A line about it.
             * @default null
             */
            tagline: string | null;
            /**
             * @description Query parameters that do not tell URLs apart; a list of the usual ones on a new site.
             * @default null
             */
            tracking_params: string[] | null;
            /**
             * Format: int32
             * @description Approved replies after which an author no longer waits in mode `trusted`; 2 on a new site.
             * @default null
             */
            trusted_after: number | null;
            /** @default null */
            unproven_accounts: components["schemas"]["UnprovenAccounts"] | null;
        };
        /** @description A site with its settings. */
        SiteSettingsView: components["schemas"]["SiteView"] & {
            /** @description Websites whose pages may call, as origins. */
            allowed_origins: string[];
            /**
             * Format: int32
             * @description Days after publication when stories close; null: never.
             */
            close_after_days: number | null;
            /** @description What the site's mails are headed with, as `#rrggbb`. */
            colour: string | null;
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description Seconds in which authors may edit; 0: never.
             */
            edit_window_secs: number;
            /** @description When replies become public. */
            moderation_mode: components["schemas"]["ModerationMode"];
            /** @description Whether moderators may change the policy, and not admins alone. */
            moderators_change_policy: boolean;
            /** @description Names that nobody may take. */
            reserved_names: string[];
            /** @description Query parameters that do not tell URLs apart; `*` at the end stands for any ending. */
            tracking_params: string[];
            /**
             * Format: int32
             * @description Approved replies after which an author no longer waits in mode `trusted`.
             */
            trusted_after: number;
            /** @description What may be done by who has proven nothing yet. */
            unproven_accounts: components["schemas"]["UnprovenAccounts"];
        };
        /** @description What everybody sees of a site. */
        SiteView: {
            /** @description Its id. */
            id: components["schemas"]["SiteId"];
            /** @description Takes no stories and no replies any more. */
            is_closed: boolean;
            /** @description Its name in addresses. */
            key: string;
            /** @description Its name. */
            name: string;
            /** @description A line about it. */
            tagline: string;
        };
        /** @description Where a report comes from. */
        SourceView: {
            /** @description The publication. */
            name: string | null;
            /** @description The report there. */
            url: string | null;
        };
        /** @description A part of a text, in characters (Unicode scalar values). */
        SpanView: {
            /** @description The character behind its last one. */
            end: number;
            /** @description Its first character, from 0. */
            start: number;
        };
        /** @enum {string} */
        SsoOutcome: "new_account" | "known_account" | "joined_account";
        /** @description One part of a token. */
        SsoPartView: {
            /** @description Whether it is as it should be. */
            is_right: boolean;
            /** @description The name of a header parameter or claim, `token` or `signature`. */
            part: string;
            /** @description What it is, or what is wrong with it. */
            says: string;
        };
        /** @description What is to be said of a token. */
        SsoTestView: {
            account_id: components["schemas"]["AccountId"] | null;
            /** @description Whether it would sign somebody on. */
            is_good: boolean;
            /** @description The issuer that it is of; null: of none of this site. */
            issuer: string | null;
            outcome: components["schemas"]["SsoOutcome"] | null;
            /** @description Part by part: those of the header, the signature, the claims. */
            parts: components["schemas"]["SsoPartView"][];
            /** @description What else it would do, or leave out. */
            remarks: string[];
        };
        /** @description A token of one of the site's issuers. */
        SsoToken: {
            /** @description A signed JWT in compact form. */
            token: string;
        };
        /** @description Where replies stand that a policy is tried on. */
        StandNow: {
            /**
             * Format: int64
             * @description Public.
             */
            public: number;
            /**
             * Format: int64
             * @description Refused, returned to their authors, or put away as spam.
             */
            refused: number;
            /**
             * Format: int64
             * @description Waiting for a moderator.
             */
            waiting: number;
        };
        /** @description Why a reply was refused. */
        StatementView: {
            appeal: components["schemas"]["OwnAppealView"] | null;
            /** @description How to appeal: a `POST` of a text to this address, by the author; null where that is not possible any more. */
            appeal_at: string | null;
            /** @description Until when. */
            appeal_until: components["schemas"]["Timestamp"];
            /** @description What the refusal rests on. */
            ground: components["schemas"]["Ground"];
            /** @description Whether no person decided so at that moment. */
            is_automated: boolean;
            /** @description Whether it is refused by now; the statement stays when that is overturned or the author takes the reply back. */
            is_in_force: boolean;
            /** @description What the moderator wrote to the author. */
            message: string | null;
            /** @description When. */
            refused_at: components["schemas"]["Timestamp"];
            /** @description The reply. */
            reply_id: components["schemas"]["ReplyId"];
            /**
             * Format: int32
             * @description Which text of the reply was refused, from 1.
             */
            revision: number;
            /** @description The rules that asked for it, where the ground is `rules`. */
            rules: components["schemas"]["RuleGroundView"][];
            /** @description What the site says to authors of what is refused on this ground, as it was then. */
            words: string | null;
        };
        /** @description Statistics of a site. */
        StatisticsView: {
            /** @description The days in which anything happened, in order. */
            days: components["schemas"]["DayView"][];
            /**
             * Format: date
             * @description The first day.
             */
            from: string;
            /** @description Who decided most, up to 100. */
            moderators: components["schemas"]["ModeratorView"][];
            oldest_waiting_since: components["schemas"]["Timestamp"] | null;
            /** @description Sanctions that hold everywhere, by their kind: they are of no site, and hold here too. */
            sanctions_everywhere: {
                [key: string]: number;
            };
            /**
             * Format: date
             * @description The last day.
             */
            to: string;
            /** @description What happened in all of them. */
            totals: components["schemas"]["SumsView"];
        };
        /** Format: uuid */
        StoryId: string;
        /** @description What changes about a story while people reply. */
        StoryState: {
            closes_at: components["schemas"]["Timestamp"] | null;
            /** @description Its id. */
            id: components["schemas"]["StoryId"];
            /** @description Whether replies are taken. */
            is_closed: boolean;
            /**
             * Format: int64
             * @description Public replies.
             */
            replies: number;
            /**
             * Format: int64
             * @description Raised by each change of what readers see.
             */
            version: number;
        };
        /** @description A story. */
        StoryView: {
            closes_at: components["schemas"]["Timestamp"] | null;
            commentary: components["schemas"]["CommentaryView"] | null;
            effective_closes_at: components["schemas"]["Timestamp"] | null;
            /** @description The quoted report. */
            excerpt: string | null;
            /** @description The site's own id of it. */
            external_id: string;
            /** @description The headline. */
            headline: string;
            /** @description Its id. */
            id: components["schemas"]["StoryId"];
            /** @description Whether replies are taken. */
            is_closed: boolean;
            moderation_mode: components["schemas"]["ModerationMode"] | null;
            /** @description When it was published. */
            published_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Public replies.
             */
            replies: number;
            /** @description Where the blog puts it. */
            section: string | null;
            /** @description The key of its site. */
            site: string;
            source: components["schemas"]["SourceView"] | null;
            /** @description What it is about. */
            tags: string[];
            /** @description Its URLs, the canonical one first. */
            urls: string[];
        };
        /** @description What happened in some days. */
        SumsView: {
            /** @description What people decided about what rules had said. */
            agreement: components["schemas"]["AgreementView"];
            /** @description Appeals: how many were filed, and what came of those that were decided or fell away. */
            appeals: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Those that wait yet for nothing but an answer from outside.
             */
            asked: number;
            /** @description Reports that are closed, by what came of them at last, on the days on which they were closed. */
            closed_reports: {
                [key: string]: number;
            };
            /** @description The same as numbers of decisions. */
            decided_within: components["schemas"]["DecidedWithin"];
            /** @description How long it took from when a reply came to wait. */
            decision_time: components["schemas"]["DecisionTime"];
            /** @description Decisions of people, by what was decided; `undo` is of such decisions as stand here too. */
            decisions: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Those that waited for a moderator.
             */
            held: number;
            /** @description Those that rules held or put away, by the rule; under several if several asked for it. */
            held_by_rule: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Replies that were returned to their authors, not changed in time, and refused for it by the service.
             */
            lapsed: number;
            /** @description Notices of illegal content. */
            notices: components["schemas"]["NoticeSums"];
            /**
             * Format: int64
             * @description Those of them that were public at once, or as soon as somebody outside had answered.
             */
            public_at_once: number;
            /**
             * Format: int64
             * @description Those that were put away as spam.
             */
            put_away: number;
            /** @description Those of them that gave a reason, by it. */
            reasons: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Replies that were posted. What becomes of them counts once, by their first text: edits are no replies of their own.
             */
            received: number;
            /** @description Reports, by their reason. */
            reports: {
                [key: string]: number;
            };
            /** @description Sanctions, by their kind. */
            sanctions: {
                [key: string]: number;
            };
        };
        /** @description A text and what it is to be judged by. */
        TestPolicy: {
            author_id?: components["schemas"]["AccountId"] | null;
            /** @description The text in Markdown. */
            body: string;
            policy?: components["schemas"]["Policy"] | null;
        };
        /** @description What somebody posted lately. */
        TheirLatest: {
            /** @description The account. */
            account_id: components["schemas"]["AccountId"];
            /**
             * Format: int32
             * @description In so many days, 1 to 365.
             */
            days: number;
            /** @description The key of a site; absent or null: all that one moderates. */
            site?: string | null;
        };
        /** @description What becomes of replies that somebody posted lately: a decision about many, with its progress and its undoing. */
        TheirReplies: {
            /** @description `restore` puts public ones back into the queue, `reject` refuses them and those that wait. */
            action: components["schemas"]["Verb"];
            /**
             * Format: int32
             * @description Posted in so many days, 1 to 365.
             */
            days: number;
            reason?: components["schemas"]["Reason"] | null;
        };
        /** @description A page of a story's threads. */
        ThreadPage: {
            /** @description Top-level replies with the first ones below them. */
            items: components["schemas"]["ThreadView"][];
            /** @description Where the next page begins; null on the last one. */
            next_cursor: string | null;
            /** @description What changes about the story. */
            story: components["schemas"]["StoryState"];
        };
        /** @description A top-level reply with the first ones below it. */
        ThreadView: components["schemas"]["ReplyView"] & {
            /** @description Below it in reading order; its cursor is for `GET /api/v1/replies/{reply_id}/below`. */
            below: components["schemas"]["Page_ReplyView"];
        };
        /** Format: date-time */
        Timestamp: string;
        /** @description Tokens of a session. */
        TokensView: {
            /** @description Shown with each request: `Authorization: Bearer ...`. */
            access_token: string;
            /** @description The account signed in. */
            account_id: components["schemas"]["AccountId"];
            /**
             * Format: int64
             * @description Seconds that the access token lives.
             */
            expires_in: number;
            /** @description Good for one use, for new tokens; absent where a cookie holds it. */
            refresh_token?: string | null;
            /** @description Always `Bearer`. */
            token_type: string;
        };
        /** @description All that a reply's state follows from. */
        TraceView: {
            asking: components["schemas"]["AskingView"] | null;
            /** @description What was done with it, the newest first; 50 at most. Of a version without a verdict the row says who decided. */
            decisions: components["schemas"]["LogEntryView"][];
            /** @description The reply's id. */
            reply_id: components["schemas"]["ReplyId"];
            /**
             * Format: int32
             * @description Of the text.
             */
            revision: number;
            /** @description Where it stands. */
            state: components["schemas"]["ReplyState"];
            /** @description What the rules said, the newest first; 50 at most. Empty for what was written before there were rules. */
            verdicts: components["schemas"]["VerdictView"][];
            /**
             * Format: int32
             * @description Of text and state.
             */
            version: number;
        };
        /** @description What a site did in some days, without anybody's name. */
        TransparencyReport: components["schemas"]["SumsView"] & {
            /**
             * Format: date
             * @description The first day.
             */
            from: string;
            /** @description Its name. */
            name: string;
            /** @description Sanctions that hold everywhere, by their kind: they are of no site, and hold here too. */
            sanctions_everywhere: {
                [key: string]: number;
            };
            /** @description The site's key. */
            site: string;
            /**
             * Format: date
             * @description The last day.
             */
            to: string;
        };
        /** @description A code. */
        TypedCode: {
            /** @description Six digits that the device shows, or a recovery code. */
            code: string;
        };
        /** @description What came of undoing a run. */
        UndoneView: {
            /**
             * Format: int64
             * @description Replies that stay as they are, since they have moved on.
             */
            moved_on: number;
            /** @description The first hundred of these. */
            moved_on_ids: components["schemas"]["ReplyId"][];
            /**
             * Format: int64
             * @description Replies that wait again.
             */
            put_back: number;
        };
        /** @enum {string} */
        UnprovenAccounts: "read_and_recommend" | "wait" | "allow";
        /** @description Changes of one's own account; what is absent stays. */
        UpdateMe: {
            /** @description A new name to be shown; empty for none but the username. */
            display_name?: string | null;
            /** @description A new username, once in 14 days. */
            username?: string | null;
        };
        /** @description A new text. */
        UpdateReply: {
            /** @description The text in Markdown. */
            body: string;
            /**
             * Format: int32
             * @description The version that was read.
             */
            version: number;
        };
        /** @enum {string} */
        Urgency: "found" | "reports" | "reach" | "author";
        /** @description One thing that speaks for a reply. */
        UrgencyView: {
            /**
             * Format: int32
             * @description How much.
             */
            points: number;
            /** @description Which. */
            what: components["schemas"]["Urgency"];
            /** @description In words. */
            words: string;
        };
        /** @enum {string} */
        Verb: "approve" | "reject" | "spam" | "restore" | "return";
        /** @description What the rules said of a text. */
        VerdictView: {
            /** @description The text in Markdown, in which the spans lie; null where it would be too much. */
            body: string | null;
            /** @description What the state follows from. */
            decided_by: components["schemas"]["Decider"];
            /** @description What each rule said. */
            findings: components["schemas"]["FindingView"][];
            /** @description How much was known for it; zeros for verdicts of before that was kept. */
            knowledge: components["schemas"]["Knowledge"];
            /**
             * Format: int64
             * @description Microseconds that they took together.
             */
            micros: number;
            /** @description Rules that could not run. */
            not_run: components["schemas"]["NotRunView"][];
            /** @description What follows from all findings together. */
            outcome: components["schemas"]["Outcome"];
            /**
             * Format: int64
             * @description The policy's version; 0: what every site begins with.
             */
            policy_version: number;
            /**
             * Format: int32
             * @description Which text of the reply it is.
             */
            revision: number;
            /**
             * Format: int32
             * @description The reply's version that it made, as the row of the log has it.
             */
            version: number;
            /** @description The same in words. */
            why: string;
        };
        /** @description Why a reply stands where it does in the order of urgency. */
        WaitingView: {
            claim: components["schemas"]["ClaimView"] | null;
            /**
             * Format: int32
             * @description All points together. Each counts like two minutes of waiting.
             */
            points: number;
            /** @description Since when it waits without a break. */
            since: components["schemas"]["Timestamp"];
            /** @description What they are for; nothing that has none. */
            why: components["schemas"]["UrgencyView"][];
        };
        /** @description A case with its reports. */
        WholeCaseView: {
            case: components["schemas"]["CaseView"] | null;
            /** @description The reports, the newest first. */
            reports: components["schemas"]["Page_CaseReportView"];
        };
        /** @description Settings of the rule. */
        WordSettings: {
            /**
             * @description Whether accents make another word.
             * @default ignored
             */
            accents: components["schemas"]["Accents"];
            /**
             * @description Phrases that hold a reply back, 10,000 at most: one or more words, a star at the end for the rest of the last one.
             * @default []
             */
            hold: string[];
            /**
             * @description Phrases that make a reply spam, 10,000 at most.
             * @default []
             */
            spam: string[];
        };
        /** @description How a challenge is got. */
        WorkNeededView: {
            /** @description Where to ask, by POST. */
            challenges: string;
            /** @description What to name as the operation. */
            operation: string;
            /** @description What to name as the site. */
            site: string | null;
        };
        /**
         * @description What takes work of newcomers.
         * @enum {string}
         */
        WorkOperation: "create_account" | "create_reply";
        /** @enum {string} */
        WorkQueue: "pending" | "reported" | "flagged" | "appeals";
        /** @description Work that was handed out. */
        WorkView: {
            /**
             * @description Whether all that waits was looked at, if nothing was found; a filter that takes very few of very many may need another
             *     one beside it, such as a site.
             */
            is_complete: boolean;
            /** @description The replies, in the order asked for; empty if nothing was found that nobody else looks at. */
            items: components["schemas"]["QueueItemView"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    create_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description The solution of a challenge, where newcomers have to show one */
                Altcha?: string;
                "Rejoinder-Refresh"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAccount"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensView"];
                };
            };
        };
    };
    show_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_account_notes: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NoteView"];
                };
            };
        };
    };
    add_account_note: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddAccountNote"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
        };
    };
    list_account_replies: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReplyView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_sanctions: {
        parameters: {
            query?: {
                /** @description The key of a site: only those there and everywhere, with what the site advises to do next. */
                site?: string;
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SanctionsView"];
                };
            };
        };
    };
    impose_sanction: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImposeSanction"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SanctionView"];
                };
            };
        };
    };
    lift_sanction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's id */
                account_id: string;
                /** @description The sanction's id */
                sanction_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_sessions_of_account: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SessionView"];
                };
            };
        };
    };
    end_sessions_of_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    end_session_of_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's id */
                account_id: string;
                /** @description The session's id */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    create_challenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateChallenge"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChallengeView"];
                };
            };
        };
    };
    count_replies: {
        parameters: {
            query?: {
                /** @description The key of the site that external ids and URLs belong to. */
                site?: string;
                /** @description Stories by id. */
                id?: components["schemas"]["StoryId"][];
                /** @description Stories by the site's own id. */
                external_id?: string[];
                /** @description Stories by any of their URLs. */
                url?: string[];
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountsView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    query_counts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueryCounts"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountsView"];
                };
            };
        };
    };
    confirm_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailedToken"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    restore_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailedToken"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
        };
    };
    update_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMe"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
        };
    };
    list_claimable_authors: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ClaimableView"];
                };
            };
        };
    };
    claim_authors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClaimAuthors"];
            };
        };
        responses: {
            /** @description begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClaimedView"];
                };
            };
        };
    };
    close_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseAccount"];
            };
        };
        responses: {
            /** @description begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosingView"];
                };
            };
        };
    };
    keep_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_own_data: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnDataView"];
                };
            };
        };
    };
    request_own_data: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnDataView"];
                };
            };
        };
    };
    download_own_data: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
        };
    };
    change_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEmail"];
            };
        };
        responses: {
            /** @description begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmailView"];
                };
            };
        };
    };
    send_email_code: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmailView"];
                };
            };
        };
    };
    confirm_my_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailedCode"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmailView"];
                };
            };
        };
    };
    list_identities: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_IdentityView"];
                };
            };
        };
    };
    add_identity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddIdentity"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityView"];
                };
            };
        };
    };
    delete_identity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identity's id */
                identity_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_mutes: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_MutedView"];
                };
            };
        };
    };
    mute_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    unmute_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_own_reports: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OwnReportView"];
                };
            };
        };
    };
    list_own_sanctions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OwnSanctionView"];
                };
            };
        };
    };
    read_warning: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sanction's id */
                sanction_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorView"];
                };
            };
        };
    };
    begin_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSecretView"];
                };
            };
        };
    };
    confirm_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypedCode"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodesView"];
                };
            };
        };
    };
    renew_recovery_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypedCode"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodesView"];
                };
            };
        };
    };
    remove_second_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypedCode"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SessionView"];
                };
            };
        };
    };
    end_other_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's id */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    decide_appeal: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The appeal's id */
                appeal_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideAppeal"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueItemView"];
                };
            };
        };
    };
    list_bulks: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_BulkView"];
                };
            };
        };
    };
    decide_many: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideMany"];
            };
        };
        responses: {
            /** @description with `preview` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkPreviewView"];
                };
            };
            /** @description begun */
            202: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkView"];
                };
            };
        };
    };
    show_bulk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The bulk's id */
                bulk_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkView"];
                };
            };
        };
    };
    cancel_bulk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The bulk's id */
                bulk_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_bulk_items: {
        parameters: {
            query?: {
                /** @description Only those of which this came. */
                outcome?: "done" | "conflict" | "forbidden" | "gone";
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The bulk's id */
                bulk_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_BulkItemView"];
                };
            };
        };
    };
    undo_bulk: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The bulk's id */
                bulk_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description begun */
            202: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkView"];
                };
            };
        };
    };
    list_cases: {
        parameters: {
            query: {
                /** @description Where they stand; with `open` also those that somebody looks at. */
                state: "open" | "upheld" | "dismissed" | "moot";
                /** @description The key of one site; all where one may moderate if absent. */
                site?: string;
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CaseView"];
                };
            };
        };
    };
    count_queues: {
        parameters: {
            query?: {
                /** @description The key of one site; all where one may moderate if absent. */
                site?: string;
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Sites of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_QueueCountsView"];
                };
            };
        };
    };
    list_queue_events: {
        parameters: {
            query?: {
                /** @description A version: what happened since is told at once and as JSON. Absent: a stream. */
                since?: number;
            };
            header?: {
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuesEventView"];
                    "text/event-stream": string;
                };
            };
        };
    };
    list_common_log: {
        parameters: {
            query?: {
                /** @description Only what this account did. */
                actor_id?: components["schemas"]["AccountId"];
                /** @description Only this kind of action. */
                action?: "post" | "edit" | "withdraw" | "approve" | "reject" | "spam" | "restore" | "return" | "appeal" | "uphold_appeal" | "overturn_appeal" | "drop_appeal" | "import" | "warn" | "premoderate" | "slow" | "suspend" | "ban" | "lift_sanction" | "lift_suspension" | "grant_role" | "revoke_role" | "create_site" | "change_site" | "close_story" | "reopen_story" | "change_policy" | "judge" | "run_policy" | "cancel_run" | "undo" | "change_outside_check" | "bulk" | "cancel_bulk" | "hold" | "export_log" | "claim_author" | "reset_second_factor" | "put_story" | "save_queue" | "delete_queue" | "feature" | "unfeature" | "arrange_featured" | "end_sessions" | "change_badge" | "delete_badge" | "grant_badge" | "revoke_badge" | "change_issuer" | "delete_issuer" | "create_key" | "rotate_key" | "revoke_key" | "add_note" | "delete_note" | "receive_notice" | "decide_notice";
                /**
                 * @description Only what made the versions of this reply: its being posted, edited, decided about. What else was done about it (a note,
                 *     a notice, its being featured) names it in `details`.
                 */
                reply_id?: components["schemas"]["ReplyId"];
                /**
                 * @description Only what was done to this story itself: its being put, closed, reopened, and what is featured under it. What was done
                 *     to the replies to it is not there.
                 */
                story_id?: components["schemas"]["StoryId"];
                /** @description Only what concerns this account. */
                account_id?: components["schemas"]["AccountId"];
                /** @description Only from then on. */
                since?: components["schemas"]["Timestamp"];
                /** @description Only before then. */
                until?: components["schemas"]["Timestamp"];
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LogEntryView"];
                };
            };
        };
    };
    list_mentions: {
        parameters: {
            query?: {
                /** @description Only those that one has not read. */
                unread?: boolean;
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MentionsView"];
                };
            };
        };
    };
    read_mention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The note's id */
                note_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    take_next: {
        parameters: {
            query?: {
                /** @description The queue; this or a saved one. */
                queue?: "pending" | "reported" | "flagged" | "appeals";
                /** @description The saved queue, which names the sites. */
                saved_queue?: components["schemas"]["SavedQueueId"];
                /** @description The key of one site; all where one may moderate if absent. */
                site?: string;
                /** @description The order; `priority` if absent. */
                sort?: "oldest" | "newest" | "priority";
                /** @description Replies, 1 to 20; 1 if absent. There may be fewer, as their texts have 1 MiB at most. */
                count?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkView"];
                };
            };
        };
    };
    show_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The note's id */
                note_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
        };
    };
    delete_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The note's id */
                note_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_notices: {
        parameters: {
            query?: {
                /** @description The key of one site; all where one may moderate if absent. */
                site?: string;
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NoticedTextView"];
                };
            };
        };
    };
    decide_notice: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The notice's id */
                notice_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideNotice"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeDecisionView"];
                };
            };
        };
    };
    list_queue: {
        parameters: {
            query?: {
                /** @description The queue; this or a saved one. */
                queue?: "pending" | "reported" | "flagged" | "appeals" | "spam" | "approved" | "rejected" | "returned";
                /** @description The saved queue, which says everything but the order. */
                saved_queue?: components["schemas"]["SavedQueueId"];
                /** @description The key of one site; all where one may moderate if absent. */
                site?: string;
                /** @description Only replies to this story. */
                story_id?: components["schemas"]["StoryId"];
                /** @description Only replies by this account. */
                author_id?: components["schemas"]["AccountId"];
                /**
                 * @description The order; if absent `oldest`, and of `reported` by the number of reports. With `story_id` or `author_id` what waits is
                 *     ordered by when it was written too, and `reported` always by the number of reports.
                 */
                sort?: "oldest" | "newest" | "priority";
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_QueueItemView"];
                };
            };
        };
    };
    show_queued_reply: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueItemView"];
                };
            };
        };
    };
    show_case: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeCaseView"];
                };
            };
        };
    };
    hold_claim: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClaimView"];
                };
            };
        };
    };
    release_claim: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    decide_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideReply"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueItemView"];
                };
            };
        };
    };
    compare_revisions: {
        parameters: {
            query?: {
                /** @description The former one; the one before the later one if absent. */
                from?: number;
                /** @description The later one; the present one if absent. */
                to?: number;
            };
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevisionDiffView"];
                };
            };
        };
    };
    list_reply_notes: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NoteView"];
                };
            };
        };
    };
    add_reply_note: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddReplyNote"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
        };
    };
    list_reply_notices: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReceivedNoticeView"];
                };
            };
        };
    };
    list_revisions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RevisionView"];
                };
            };
        };
    };
    show_trace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceView"];
                };
            };
        };
    };
    list_saved_queues: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SavedQueueView"];
                };
            };
        };
    };
    create_saved_queue: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveQueue"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    ETag?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedQueueView"];
                };
            };
        };
    };
    show_saved_queue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The saved_queue's id */
                saved_queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedQueueView"];
                };
            };
        };
    };
    put_saved_queue: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The saved_queue's id */
                saved_queue_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveQueue"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedQueueView"];
                };
            };
        };
    };
    delete_saved_queue: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The saved_queue's id */
                saved_queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    search_replies: {
        parameters: {
            query?: {
                /**
                 * @description Words that must all be there, each in the text, in a name of the author or in the story's headline;
                 *     `"words in this order"`, `begin*`, `-without`. Case and accents do not count. 16 of them count at most.
                 */
                q?: string;
                /** @description Words of the author's names. */
                author?: string;
                /** @description Words of the story's headline. */
                story?: string;
                /** @description Only of this queue or list; all replies if absent. */
                queue?: "pending" | "reported" | "flagged" | "spam" | "approved" | "rejected" | "withdrawn" | "returned" | "appeals";
                /** @description The key of one site; all where one may moderate if absent. */
                site?: string;
                /** @description Only replies to this story. */
                story_id?: components["schemas"]["StoryId"];
                /** @description Only replies by this account. */
                author_id?: components["schemas"]["AccountId"];
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundPage"];
                };
            };
        };
    };
    confirm_notice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmNotice"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeView"];
                };
            };
        };
    };
    show_notice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the notice is known by */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeView"];
                };
            };
        };
    };
    finish_oidc_sign_on: {
        parameters: {
            query: {
                /** @description What was given along. */
                state: string;
                /** @description What the provider gives tokens for. */
                code?: string;
                /** @description Whose code it is (RFC 9207). */
                iss?: string;
                /** @description Why there is none. */
                error?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description to the page */
            303: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    request_password_reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestPasswordReset"];
            };
        };
        responses: {
            /** @description begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPassword"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_privacy: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivacyView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    preview_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewReply"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewView"];
                };
            };
        };
    };
    show_reply: {
        parameters: {
            query?: {
                /** @description Replies below, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description The story's version that the page must show; a newer one than there is counts for nothing. */
                min_version?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermalinkView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    withdraw_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    update_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateReply"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostedReplyView"];
                };
            };
        };
    };
    create_appeal: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAppeal"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementView"];
                };
            };
        };
    };
    list_replies_below: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
                /** @description The story's version that the page must show; a newer one than there is counts for nothing. */
                min_version?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReplyView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    feature_reply: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeatureReply"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    unfeature_reply: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    create_guest_notice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateGuestNotice"];
            };
        };
        responses: {
            /** @description begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestNoticeView"];
                };
            };
        };
    };
    show_notice_decision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeDecisionView"];
                };
            };
        };
    };
    create_notice: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateNotice"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeReceiptView"];
                };
            };
        };
    };
    recommend_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    unrecommend_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    report_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportReply"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_statement: {
        parameters: {
            query?: never;
            header?: {
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path: {
                /** @description The reply's id */
                reply_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementView"];
                };
            };
        };
    };
    create_session: {
        parameters: {
            query?: never;
            header?: {
                "Rejoinder-Refresh"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSession"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensView"];
                };
            };
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: {
                "Rejoinder-Refresh"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    prove_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProveSession"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    create_oidc_session: {
        parameters: {
            query?: never;
            header?: {
                "Rejoinder-Refresh"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OidcCodeShown"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensView"];
                };
            };
        };
    };
    refresh_session: {
        parameters: {
            query?: never;
            header?: {
                "Rejoinder-Refresh"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshSession"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensView"];
                };
            };
        };
    };
    list_sites: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SiteView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    create_site: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSite"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteSettingsView"];
                };
            };
        };
    };
    show_site: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    update_site: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SiteSettings"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteSettingsView"];
                };
            };
        };
    };
    list_badges: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SiteBadgeView"];
                };
            };
        };
    };
    put_badge: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The badge's key */
                badge: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutBadge"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteBadgeView"];
                };
            };
        };
    };
    delete_badge: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The badge's key */
                badge: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_badge_holders: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The badge's key */
                badge: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_BadgeHolderView"];
                };
            };
        };
    };
    grant_badge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The badge's key */
                badge: string;
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    revoke_badge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The badge's key */
                badge: string;
                /** @description The account's id */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_site_featured: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReplyView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_api_keys: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ApiKeyView"];
                };
            };
        };
    };
    create_api_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    ETag?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyView"];
                };
            };
        };
    };
    show_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The key's id */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyView"];
                };
            };
        };
    };
    revoke_api_key: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The key's id */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    rotate_api_key: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The key's id */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateApiKey"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyView"];
                };
            };
        };
    };
    list_log: {
        parameters: {
            query?: {
                /** @description Only what this account did. */
                actor_id?: components["schemas"]["AccountId"];
                /** @description Only this kind of action. */
                action?: "post" | "edit" | "withdraw" | "approve" | "reject" | "spam" | "restore" | "return" | "appeal" | "uphold_appeal" | "overturn_appeal" | "drop_appeal" | "import" | "warn" | "premoderate" | "slow" | "suspend" | "ban" | "lift_sanction" | "lift_suspension" | "grant_role" | "revoke_role" | "create_site" | "change_site" | "close_story" | "reopen_story" | "change_policy" | "judge" | "run_policy" | "cancel_run" | "undo" | "change_outside_check" | "bulk" | "cancel_bulk" | "hold" | "export_log" | "claim_author" | "reset_second_factor" | "put_story" | "save_queue" | "delete_queue" | "feature" | "unfeature" | "arrange_featured" | "end_sessions" | "change_badge" | "delete_badge" | "grant_badge" | "revoke_badge" | "change_issuer" | "delete_issuer" | "create_key" | "rotate_key" | "revoke_key" | "add_note" | "delete_note" | "receive_notice" | "decide_notice";
                /**
                 * @description Only what made the versions of this reply: its being posted, edited, decided about. What else was done about it (a note,
                 *     a notice, its being featured) names it in `details`.
                 */
                reply_id?: components["schemas"]["ReplyId"];
                /**
                 * @description Only what was done to this story itself: its being put, closed, reopened, and what is featured under it. What was done
                 *     to the replies to it is not there.
                 */
                story_id?: components["schemas"]["StoryId"];
                /** @description Only what concerns this account. */
                account_id?: components["schemas"]["AccountId"];
                /** @description Only from then on. */
                since?: components["schemas"]["Timestamp"];
                /** @description Only before then. */
                until?: components["schemas"]["Timestamp"];
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LogEntryView"];
                };
            };
        };
    };
    export_log: {
        parameters: {
            query?: {
                /** @description Only what this account did. */
                actor_id?: components["schemas"]["AccountId"];
                /** @description Only this kind of action. */
                action?: "post" | "edit" | "withdraw" | "approve" | "reject" | "spam" | "restore" | "return" | "appeal" | "uphold_appeal" | "overturn_appeal" | "drop_appeal" | "import" | "warn" | "premoderate" | "slow" | "suspend" | "ban" | "lift_sanction" | "lift_suspension" | "grant_role" | "revoke_role" | "create_site" | "change_site" | "close_story" | "reopen_story" | "change_policy" | "judge" | "run_policy" | "cancel_run" | "undo" | "change_outside_check" | "bulk" | "cancel_bulk" | "hold" | "export_log" | "claim_author" | "reset_second_factor" | "put_story" | "save_queue" | "delete_queue" | "feature" | "unfeature" | "arrange_featured" | "end_sessions" | "change_badge" | "delete_badge" | "grant_badge" | "revoke_badge" | "change_issuer" | "delete_issuer" | "create_key" | "rotate_key" | "revoke_key" | "add_note" | "delete_note" | "receive_notice" | "decide_notice";
                /**
                 * @description Only what made the versions of this reply: its being posted, edited, decided about. What else was done about it (a note,
                 *     a notice, its being featured) names it in `details`.
                 */
                reply_id?: components["schemas"]["ReplyId"];
                /**
                 * @description Only what was done to this story itself: its being put, closed, reopened, and what is featured under it. What was done
                 *     to the replies to it is not there.
                 */
                story_id?: components["schemas"]["StoryId"];
                /** @description Only what concerns this account. */
                account_id?: components["schemas"]["AccountId"];
                /** @description Only from then on. */
                since?: components["schemas"]["Timestamp"];
                /** @description Only before then. */
                until?: components["schemas"]["Timestamp"];
                /**
                 * @description The place of the last row that is there, if an export was cut off: what stands behind that row is given, and takes
                 *     its place in the file.
                 */
                after?: number;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
        };
    };
    show_log_head: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogHeadView"];
                };
            };
        };
    };
    show_classifier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClassifierView"];
                };
            };
        };
    };
    show_classifier_chart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
        };
    };
    show_notice_statistics: {
        parameters: {
            query: {
                /** @description The first, in UTC. */
                from: string;
                /** @description The last; 366 days at most together. */
                to: string;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeStatisticsView"];
                };
            };
        };
    };
    begin_oidc_sign_on: {
        parameters: {
            query: {
                /** @description Where he is led back to: a page of the site, at one of its origins, without a part behind `#`. */
                return_to: string;
                /** @description SHA-256 of a text that the page keeps, in base64url (RFC 7636, section 4.2). */
                challenge: string;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The issuer's key */
                issuer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description to the provider */
            303: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_outside_check: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutsideCheckView"];
                };
            };
        };
    };
    put_outside_check: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutOutsideCheck"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutsideCheckView"];
                };
            };
        };
    };
    delete_outside_check: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    test_outside_check: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutsideTestView"];
                };
            };
        };
    };
    show_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
        };
    };
    put_policy: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Policy"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
        };
    };
    show_policy_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The list */
                list: "words_hold" | "words_spam" | "links_allow" | "links_deny";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; charset=utf-8": string;
                };
            };
        };
    };
    put_policy_list: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The list */
                list: "words_hold" | "words_spam" | "links_allow" | "links_deny";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string[];
                "text/plain": string;
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
        };
    };
    rerun_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description begun */
            202: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyRunView"];
                };
            };
        };
    };
    list_policy_runs: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PolicyRunView"];
                };
            };
        };
    };
    show_policy_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The run's id */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyRunView"];
                };
            };
        };
    };
    cancel_policy_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The run's id */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_policy_run_chart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The run's id */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
        };
    };
    list_policy_run_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The run's id */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    undo_policy_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The run's id */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description begun */
            202: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyRunView"];
                };
            };
        };
    };
    simulate_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SimulatePolicy"];
            };
        };
        responses: {
            /** @description begun */
            202: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyRunView"];
                };
            };
        };
    };
    test_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestPolicy"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyTestView"];
                };
            };
        };
    };
    list_policy_versions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PolicyVersionView"];
                };
            };
        };
    };
    show_policy_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The version's number */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
        };
    };
    restore_policy: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The version's number */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
        };
    };
    list_site_replies: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReplyView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_site_roles: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SiteRoleView"];
                };
            };
        };
    };
    grant_site_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The account's id */
                account_id: string;
                /** @description The role */
                role: components["schemas"]["SiteRole"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    revoke_site_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The account's id */
                account_id: string;
                /** @description The role */
                role: components["schemas"]["SiteRole"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_site_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteSettingsView"];
                };
            };
        };
    };
    create_sso_session: {
        parameters: {
            query?: never;
            header?: {
                "Rejoinder-Refresh"?: string | null;
            };
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SsoToken"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensView"];
                };
            };
        };
    };
    list_issuers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_IssuerView"];
                };
            };
        };
    };
    show_issuer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
                /** @description The issuer's key */
                issuer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuerView"];
                };
            };
        };
    };
    put_issuer: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The issuer's key */
                issuer: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutIssuer"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuerView"];
                };
            };
        };
    };
    delete_issuer: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The issuer's key */
                issuer: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    test_sso_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SsoToken"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SsoTestView"];
                };
            };
        };
    };
    show_statistics: {
        parameters: {
            query?: {
                /** @description The first day (UTC), as `2026-11-23`; 30 days up to `to` if absent. */
                from?: string;
                /** @description The last day, at most 366 days in all; today if absent. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatisticsView"];
                };
            };
        };
    };
    show_statistics_chart: {
        parameters: {
            query: {
                /** @description The numbers. */
                of: "replies" | "received" | "rules" | "decisions" | "reasons" | "decision_time" | "moderators" | "reports" | "closed_reports" | "appeals" | "sanctions" | "notices" | "decided_notices" | "agreement";
                /** @description The first day (UTC), as `2026-11-23`; 30 days up to `to` if absent. */
                from?: string;
                /** @description The last day, at most 366 days in all; today if absent. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
        };
    };
    list_stories: {
        parameters: {
            query?: {
                /** @description Only the story with this URL, whichever of its own it is. */
                url?: string;
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_StoryView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_story_of_site: {
        parameters: {
            query?: {
                /** @description The story's version that must be shown; a newer one than there is counts for nothing. */
                min_version?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The site's own id of the story */
                external_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoryView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    put_story: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match"?: string;
                /** @description `*`: there must be no such story yet */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The site's own id of the story */
                external_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutStory"];
            };
        };
        responses: {
            /** @description changed, or the same as before */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoryView"];
                };
            };
            /** @description registered */
            201: {
                headers: {
                    ETag?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoryView"];
                };
            };
        };
    };
    show_discussion: {
        parameters: {
            query?: {
                /** @description The order of top-level replies; `newest` if absent. */
                sort?: "newest" | "oldest" | "top";
                /** @description Top-level replies of a page, 1 to 100; 50 if absent. With all below at most 500 replies. */
                limit?: number;
                /** @description Replies below each of them, 0 to 100; 3 if absent. */
                replies_per_thread?: number;
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /**
                 * @description The story's version that the page must show, as the answer to a post names it; a newer one than there is counts
                 *     for nothing.
                 */
                min_version?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The site's key */
                site: string;
                /** @description The site's own id of the story */
                external_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiscussionView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_transparency_report: {
        parameters: {
            query?: {
                /** @description The first day (UTC), as `2026-11-23`; 30 days up to `to` if absent. */
                from?: string;
                /** @description The last day, at most 366 days in all; today if absent. */
                to?: string;
                /** @description The form; JSON if absent. */
                format?: "json" | "csv" | "html";
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransparencyReport"];
                    "text/csv; charset=utf-8": string;
                    "text/html; charset=utf-8": string;
                };
            };
        };
    };
    show_transparency_chart: {
        parameters: {
            query: {
                /** @description The numbers. */
                of: "received" | "rules" | "decisions" | "reasons" | "decision_time" | "reports" | "closed_reports" | "appeals" | "sanctions" | "notices" | "decided_notices" | "agreement";
                /** @description The first day (UTC), as `2026-11-23`; 30 days up to `to` if absent. */
                from?: string;
                /** @description The last day, at most 366 days in all; today if absent. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The site's key */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
        };
    };
    show_story: {
        parameters: {
            query?: {
                /** @description The story's version that must be shown; a newer one than there is counts for nothing. */
                min_version?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The story's id */
                story_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoryView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    close_story: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The story's id */
                story_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoryView"];
                };
            };
        };
    };
    list_story_events: {
        parameters: {
            query?: {
                /** @description A version: what happened since is told at once and as JSON. Absent: a stream. */
                since?: number;
            };
            header?: {
                "Last-Event-ID"?: string | null;
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The story's id */
                story_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsView"];
                    "text/event-stream": string;
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_featured: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent, which is all that one story has. */
                limit?: number;
                /** @description The story's version that the page must show; a newer one than there is counts for nothing. */
                min_version?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The story's id */
                story_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeaturedListView"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    put_featured: {
        parameters: {
            query?: never;
            header: {
                /** @description Tags of what was read, one of which it must still have */
                "If-Match": string;
            };
            path: {
                /** @description The story's id */
                story_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutFeatured"];
            };
        };
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeaturedListView"];
                };
            };
        };
    };
    list_mine: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /** @description Items of a page, 1 to 100; 50 if absent. */
                limit?: number;
            };
            header?: {
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path: {
                /** @description The story's id */
                story_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MineView"];
                };
            };
        };
    };
    reopen_story: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The story's id */
                story_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoryView"];
                };
            };
        };
    };
    list_story_replies: {
        parameters: {
            query?: {
                /** @description The order of top-level replies; `newest` if absent. */
                sort?: "newest" | "oldest" | "top";
                /** @description Top-level replies of a page, 1 to 100; 50 if absent. With all below at most 500 replies. */
                limit?: number;
                /** @description Replies below each of them, 0 to 100; 3 if absent. */
                replies_per_thread?: number;
                /** @description `next_cursor` of the page before; absent for the first. */
                cursor?: string;
                /**
                 * @description The story's version that the page must show, as the answer to a post names it; a newer one than there is counts
                 *     for nothing.
                 */
                min_version?: number;
            };
            header?: {
                /** @description Tags of the bytes that the reader has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The story's id */
                story_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ThreadPage"];
                };
            };
            /** @description the reader has these bytes */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    create_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 visible ASCII characters: within 48 hours the same key and body create nothing twice */
                "Idempotency-Key"?: string;
                /** @description The solution of a challenge, where newcomers have to show one */
                Altcha?: string;
                /** @description With a key: for whom, as the key of one of the site's issuers, a space, and a subject */
                "Act-As"?: string;
            };
            path: {
                /** @description The story's id */
                story_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateReply"];
            };
        };
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostedReplyView"];
                };
            };
        };
    };
    show_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
        };
    };
    show_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
        };
    };
}
