DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, ', ''create_key''::text, ''rotate_key''::text, ''revoke_key''::text', '');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_actor_kind_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_actor_kind_check, ADD CONSTRAINT decisions_actor_kind_check '
        || replace(allowed, '''key''::text, ', '');
END $$;

DROP TABLE api_key_secrets;
DROP TABLE api_keys;
