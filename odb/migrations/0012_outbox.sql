-- Mail that arrives once: in order for each recipient, with an end to trying, and with what becomes of it afterwards.

ALTER TABLE keywork.outbox
  -- Behind an earlier mail to the same address: not looked at until that one is finished.
  ADD COLUMN waits           boolean NOT NULL DEFAULT false,
  -- The first attempt, and the latest, since it was written or somebody had it tried again.
  ADD COLUMN first_tried_at  timestamp,
  ADD COLUMN taken_at        timestamp,
  -- The first attempt of which nobody can say whether the mail went out with it.
  ADD COLUMN unsure_since    timestamp,
  -- How often somebody had it sent again after it had failed: part of the key that the provider knows it by.
  ADD COLUMN resends         integer NOT NULL DEFAULT 0 CHECK (resends >= 0),
  ADD COLUMN provider_id     text CHECK (char_length(provider_id) BETWEEN 1 AND 200),
  ADD COLUMN delayed_at      timestamp,
  ADD COLUMN delivered_at    timestamp,
  ADD COLUMN bounced_at      timestamp,
  ADD COLUMN complained_at   timestamp,
  ADD COLUMN fate_reason     text CHECK (char_length(fate_reason) BETWEEN 1 AND 500),
  -- Counts what became of an invite's mail, and how much of it its case has been told.
  ADD COLUMN news            integer NOT NULL DEFAULT 0,
  ADD COLUMN news_told       integer NOT NULL DEFAULT 0 CHECK (news_told <= news);

DROP INDEX keywork.outbox_due;
-- Sign-in mails first: no other organisation's thousand digests may make their links end unsent.
CREATE INDEX outbox_due ON keywork.outbox ((template_name <> 'sign_in'), next_attempt_at, id)
  WHERE state IN ('queued', 'sending', 'retrying') AND NOT waits;
CREATE INDEX outbox_line ON keywork.outbox (to_address, id)
  WHERE state IN ('queued', 'sending', 'retrying') AND template_name <> 'sign_in';
CREATE INDEX outbox_provider ON keywork.outbox (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX outbox_news ON keywork.outbox (id) WHERE news > news_told;
CREATE INDEX outbox_of_org ON keywork.outbox (org_id, id DESC) WHERE org_id IS NOT NULL;
CREATE INDEX outbox_of_org_unsent ON keywork.outbox (org_id, state, id DESC) WHERE org_id IS NOT NULL AND state <> 'sent';

-- ------------------------------------------------------------------------------------------- one after the other

-- Sign-in mails stand in no line: nobody is kept from signing in by a mail that is put off, and a new link voids the older.
-- Whoever finishes a mail, or takes it away, lets the next one to the same address go. A mailer that finds a mail behind
-- another marks it only while it holds the other's lock, so that this here comes after (odb/session_outbox.cpp).
CREATE FUNCTION keywork.next_in_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE keywork.outbox o SET waits = false
  WHERE o.waits
    AND o.id = (SELECT n.id FROM keywork.outbox n
                WHERE n.to_address = OLD.to_address AND n.state IN ('queued', 'sending', 'retrying')
                  AND n.template_name <> 'sign_in'
                ORDER BY n.id LIMIT 1);
  RETURN NULL;
END $$;

CREATE TRIGGER line_moves_on AFTER UPDATE OF state ON keywork.outbox FOR EACH ROW
  WHEN (OLD.template_name <> 'sign_in' AND OLD.state IN ('queued', 'sending', 'retrying')
        AND NEW.state IN ('sent', 'failed'))
  EXECUTE FUNCTION keywork.next_in_line();
CREATE TRIGGER line_closes_up AFTER DELETE ON keywork.outbox FOR EACH ROW
  WHEN (OLD.template_name <> 'sign_in' AND OLD.state IN ('queued', 'sending', 'retrying'))
  EXECUTE FUNCTION keywork.next_in_line();

-- ------------------------------------------------------------------------------------------- what a webhook told

-- Each telling counts once. Kept for a day: what is older is refused for its timestamp.
CREATE TABLE keywork.webhook_receipts (
  source       text NOT NULL CHECK (source IN ('resend', 'docuseal')),
  id           text NOT NULL CHECK (octet_length(id) BETWEEN 1 AND 400),
  received_at  timestamp NOT NULL,
  PRIMARY KEY (source, id)
);
CREATE INDEX webhook_receipts_by_age ON keywork.webhook_receipts (received_at);
ALTER TABLE keywork.webhook_receipts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON keywork.webhook_receipts TO keywork_owner USING (true) WITH CHECK (true);
REVOKE ALL ON keywork.webhook_receipts FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON keywork.webhook_receipts TO keywork_mailer, keywork_signer;
CREATE POLICY mailer_own ON keywork.webhook_receipts TO keywork_mailer USING (source = 'resend');
CREATE POLICY signer_own ON keywork.webhook_receipts TO keywork_signer USING (source = 'docuseal');

-- ------------------------------------------------------------------------------------------- the team row tells

ALTER TABLE keywork.tenant_collaborators
  ADD COLUMN invite_mail_id      uuid,
  ADD COLUMN invite_mail_fate    text CHECK (invite_mail_fate IN
                                             ('failed', 'sent', 'delivered', 'bounced', 'complained')),
  ADD COLUMN invite_mail_at      timestamp,
  ADD COLUMN invite_mail_reason  text CHECK (char_length(invite_mail_reason) BETWEEN 1 AND 500),
  ADD CONSTRAINT fate_of_a_mail CHECK (invite_mail_fate IS NULL OR
                                       (invite_mail_id IS NOT NULL AND invite_mail_at IS NOT NULL));

UPDATE keywork.tenant_collaborators t
SET invite_mail_id = (SELECT o.id FROM keywork.outbox o JOIN keywork.magic_links l ON l.id = o.link_id
                      WHERE l.collaborator_id = t.id ORDER BY o.id DESC LIMIT 1)
WHERE t.participation <> 'reference_only';

-- What becomes of a mail the mailer tells; whoever invites again begins anew.
CREATE TRIGGER mail_is_told BEFORE UPDATE ON keywork.tenant_collaborators FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.invite_mail_id, OLD.invite_mail_fate, OLD.invite_mail_at, OLD.invite_mail_reason)
            IS DISTINCT FROM
            (NEW.invite_mail_id, NEW.invite_mail_fate, NEW.invite_mail_at, NEW.invite_mail_reason)
        AND (NEW.invited_at IS NOT DISTINCT FROM OLD.invited_at
             OR num_nonnulls(NEW.invite_mail_fate, NEW.invite_mail_at, NEW.invite_mail_reason) > 0))
  EXECUTE FUNCTION keywork.refuse_change();

-- ------------------------------------------------------------------------------------------- links that are void

-- Whether the link in this mail opens nothing any more: sent again, it would lead its reader nowhere. To the mailer,
-- and to the admins of the mail's organisation; to others nothing is known of it.
CREATE FUNCTION keywork.has_void_link(mail uuid, moment timestamp) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM keywork.outbox o JOIN keywork.magic_links l ON l.id = o.link_id
                 WHERE o.id = mail AND (current_setting('role') = 'keywork_mailer' OR keywork.standing(o.org_id) = 'org_admin')
                   AND (l.expires_at <= moment OR num_nonnulls(l.spent_at, l.voided_at) > 0));
END $$;

-- Ending somebody's place ends their invite; so it is with those that were ended before. When a member was removed
-- nothing but the log tells: the invite counts as ended from the beginning.
UPDATE keywork.magic_links l SET voided_at = greatest(t.ended_at, l.created_at)
FROM keywork.tenant_collaborators t
WHERE t.id = l.collaborator_id AND t.ended_at IS NOT NULL AND l.spent_at IS NULL AND l.voided_at IS NULL;
UPDATE keywork.magic_links l SET voided_at = l.created_at
WHERE l.purpose = 'member_invite' AND l.spent_at IS NULL AND l.voided_at IS NULL
  AND NOT EXISTS (SELECT FROM keywork.memberships m WHERE m.org_id = l.org_id AND m.user_id = l.user_id);

-- Signing in leaves a mail and a link each time, which nobody needs a month later.
CREATE INDEX outbox_sign_ins_done ON keywork.outbox (written_at)
  WHERE template_name = 'sign_in' AND state IN ('sent', 'failed');
CREATE INDEX magic_links_sign_in ON keywork.magic_links (expires_at) WHERE purpose = 'sign_in';

-- ------------------------------------------------------------------------------------------- who may what

GRANT DELETE ON keywork.magic_links TO keywork_login;
GRANT SELECT (id, link_id, template_name, state, written_at), DELETE ON keywork.outbox TO keywork_login;
CREATE POLICY login_read ON keywork.outbox FOR SELECT TO keywork_login USING (template_name = 'sign_in');
CREATE POLICY login_sweep ON keywork.outbox FOR DELETE TO keywork_login
  USING (template_name = 'sign_in' AND state IN ('sent', 'failed'));

GRANT UPDATE (state, attempts, next_attempt_at, last_error, sent_at, waits, first_tried_at, taken_at, unsure_since,
              resends, provider_id, delayed_at, delivered_at, bounced_at, complained_at, fate_reason, news, news_told)
  ON keywork.outbox TO keywork_mailer;
GRANT SELECT (expires_at, collaborator_id, voided_at) ON keywork.magic_links TO keywork_mailer;

-- An organisation's admins see its mails' way, and neither their words nor their links.
GRANT SELECT (id, org_id, case_id, to_address, template_name, state, attempts, next_attempt_at, last_error, written_at,
              sent_at, delayed_at, delivered_at, bounced_at, complained_at, fate_reason, unsure_since, resends),
      UPDATE (state, attempts, next_attempt_at, waits, first_tried_at, unsure_since, resends)
  ON keywork.outbox TO keywork_person;
CREATE POLICY person_read ON keywork.outbox FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.admin_orgs())::uuid[])
         AND (case_id IS NULL OR org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])));
CREATE POLICY person_retry ON keywork.outbox FOR UPDATE TO keywork_person
  USING (state IN ('failed', 'retrying') AND keywork.standing(org_id) = 'org_admin'
         AND (case_id IS NULL OR org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])))
  WITH CHECK (state = 'queued' AND keywork.standing(org_id) = 'org_admin');

-- The mailer tells a case what became of an invite's mail: these columns, the case's version, one kind of entry.
GRANT SELECT (id, org_id, version), UPDATE (version) ON keywork.support_cases TO keywork_mailer;
GRANT SELECT (id, org_id), UPDATE (invite_mail_fate, invite_mail_at, invite_mail_reason)
  ON keywork.tenant_collaborators TO keywork_mailer;
GRANT INSERT ON keywork.audit_entries TO keywork_mailer;
GRANT EXECUTE ON PROCEDURE keywork.keep_audit(uuid[], uuid[], uuid[], uuid[], timestamp[], uuid[], text[], text[],
                                              text[], text[]) TO keywork_mailer;
GRANT EXECUTE ON FUNCTION keywork.bound_org() TO keywork_mailer;
CREATE POLICY mailer_report ON keywork.support_cases TO keywork_mailer USING (org_id = keywork.bound_org());
CREATE POLICY mailer_report ON keywork.tenant_collaborators TO keywork_mailer USING (org_id = keywork.bound_org());
CREATE POLICY mailer_add ON keywork.audit_entries FOR INSERT TO keywork_mailer
  WITH CHECK (org_id = keywork.bound_org() AND by_id = '00000000-0000-0000-0000-000000000000'
              AND kind IN ('collaborator.mail_reported', 'mail.retried'));

REVOKE ALL ON FUNCTION keywork.next_in_line(), keywork.has_void_link(uuid, timestamp) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keywork.has_void_link(uuid, timestamp) TO keywork_person, keywork_mailer;
