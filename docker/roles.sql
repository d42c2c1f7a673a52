-- Two roles for the portal's database, so that the portal itself cannot bend its access log.
--
--   portal_owner  owns the tables; only `manage.py prepare` (migrations) signs in with it, or nobody
--                 where a superuser prepares
--   portal_app    web, worker and timer: reads and writes rows, and owns nothing
--
-- docker-compose.yml does all of it (`roles`). Elsewhere run it as a superuser in the portal's
-- database, after the first `prepare` and again after each update that brings new tables; it may be
-- run as often as one likes, also while the portal is up:
--
--   psql -v ON_ERROR_STOP=1 --single-transaction -d portal -f docker/roles.sql
--   psql -d portal -c '\password portal_owner' -c '\password portal_app'
--
-- Then DATABASE_URL names portal_owner for `prepare`, and portal_app for everything else.
-- Whoever owns a table may switch its triggers off or empty it with TRUNCATE; portal_app may not.

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['portal_owner', 'portal_app'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role);
        END IF;
    END LOOP;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO portal_owner, portal_app', current_database());
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO portal_owner;
GRANT USAGE ON SCHEMA public TO portal_app;

-- What is there belongs to portal_owner; what numbers its rows goes along. What is its own already
-- is left alone: to say so again would lock a table that is in use.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT c.oid::regclass::text FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
            AND c.relowner <> 'portal_owner'::regrole
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO portal_owner', name);
    END LOOP;
    FOR name IN
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> 'portal_owner'::regrole
            AND NOT EXISTS (
                SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e'
            )
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_owner', name);
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO portal_app;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
    GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO portal_app;

-- The access log: looks are added, and go after two years (a trigger says which); seals stay.
REVOKE UPDATE ON privacy_accessrecord, privacy_accesssubject FROM portal_app;
REVOKE UPDATE, DELETE ON privacy_seal FROM portal_app;
-- A consent stays as it was given; it may lose its person.
REVOKE UPDATE ON privacy_consent FROM portal_app;
GRANT UPDATE (user_id) ON privacy_consent TO portal_app;
-- What was destroyed is only ever added to.
REVOKE UPDATE, DELETE ON privacy_destructionledger FROM portal_app;
-- Which migrations ran is the owner's to say.
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM portal_app;
