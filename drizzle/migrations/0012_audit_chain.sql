-- The audit as a chain: each row carries the hash of the one before. By hand but for its columns and indexes.
DROP INDEX "mutations_subject";--> statement-breakpoint
DROP INDEX "mutations_actor";--> statement-breakpoint
ALTER TABLE "mutations" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "mutations" ADD COLUMN "subject_kind" text GENERATED ALWAYS AS (split_part(subject, ':', 1)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "mutations" ADD COLUMN "seq" bigint;--> statement-breakpoint
ALTER TABLE "mutations" ADD COLUMN "prev_hash" text;--> statement-breakpoint
ALTER TABLE "mutations" ADD COLUMN "hash" text;--> statement-breakpoint

-- A field as "bytes:text" and a line's end; "-" is null. No two rows have one text, and any language can read it.
CREATE FUNCTION cc_audit_field(field text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(octet_length(field) || ':' || field, '-') || E'\n';
--> statement-breakpoint
-- What is hashed of a row. Whoever changes this breaks every chain there is: a new text needs a new first line.
CREATE FUNCTION cc_audit_text(m mutations) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN E'1pwr-audit-1\n' || cc_audit_field(m.prev_hash) || cc_audit_field(m.seq::text) || cc_audit_field(m.id::text)
    || cc_audit_field(to_char(m.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) || cc_audit_field(m.actor)
    || cc_audit_field(m.action) || cc_audit_field(m.subject) || cc_audit_field(m.before::text)
    || cc_audit_field(m.after::text) || cc_audit_field(m.reason) || cc_audit_field(m.request_id)
    || cc_audit_field(m.reverts::text);
--> statement-breakpoint
CREATE FUNCTION cc_audit_hash(m mutations) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN encode(sha256(convert_to(cc_audit_text(m), 'UTF8')), 'hex');
--> statement-breakpoint

-- More people read the audit than may know a secret: whoever writes, what is named like one is not kept. That it was
-- there, and that it changed or not, is nobody's guess from a hash.
CREATE FUNCTION cc_audit_redacted(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN jsonb_typeof(value) <> 'object' OR value::text !~* 'password|secret|token|totp|recovery|private_?key' THEN value
    ELSE (SELECT jsonb_object_agg(field.key, CASE
        WHEN field.key ~* 'password|secret|token|totp|recovery|private_?key' AND field.value <> 'null' THEN '"[redacted]"'
        ELSE field.value END)
      FROM jsonb_each(cc_audit_redacted.value) AS field) END;
--> statement-breakpoint

-- One after the other, until the commit: the chain has one end. What is asked under the lock sees all that was committed
-- before it, and the rows that this very statement has inserted so far.
CREATE FUNCTION chain_mutation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head record;
BEGIN
  PERFORM pg_advisory_xact_lock(7301002);
  SELECT seq, hash INTO head FROM mutations ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(head.seq, 0) + 1;
  NEW.prev_hash := coalesce(head.hash, repeat('0', 64));
  NEW.request_id := coalesce(NEW.request_id, nullif(current_setting('cc.request_id', true), ''));
  NEW.before := cc_audit_redacted(NEW.before);
  NEW.after := cc_audit_redacted(NEW.after);
  NEW.hash := cc_audit_hash(NEW);
  RETURN NEW;
END $$;
--> statement-breakpoint

-- The rows that are there already, in the order of their ids.
ALTER TABLE mutations DISABLE TRIGGER append_only;
--> statement-breakpoint
DO $$
DECLARE
  m mutations;
  prev text := repeat('0', 64);
  place bigint := 0;
BEGIN
  FOR m IN SELECT * FROM mutations ORDER BY id LOOP
    place := place + 1;
    m.seq := place;
    m.prev_hash := prev;
    m.hash := cc_audit_hash(m);
    UPDATE mutations SET seq = m.seq, prev_hash = m.prev_hash, hash = m.hash WHERE id = m.id;
    prev := m.hash;
  END LOOP;
END $$;
--> statement-breakpoint
ALTER TABLE mutations ENABLE TRIGGER append_only;
--> statement-breakpoint
ALTER TABLE "mutations" ALTER COLUMN "seq" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "mutations" ALTER COLUMN "prev_hash" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "mutations" ALTER COLUMN "hash" SET NOT NULL;--> statement-breakpoint
CREATE INDEX "mutations_kind" ON "mutations" USING btree ("subject_kind","seq");--> statement-breakpoint
CREATE INDEX "mutations_action" ON "mutations" USING btree ("action","seq");--> statement-breakpoint
CREATE INDEX "mutations_request" ON "mutations" USING btree ("request_id") WHERE request_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "mutations_at" ON "mutations" USING btree ("at");--> statement-breakpoint
CREATE INDEX "mutations_subject" ON "mutations" USING btree ("subject","seq");--> statement-breakpoint
CREATE INDEX "mutations_actor" ON "mutations" USING btree ("actor","seq");--> statement-breakpoint
ALTER TABLE "mutations" ADD CONSTRAINT "mutations_seq" UNIQUE("seq");--> statement-breakpoint
ALTER TABLE "mutations" ADD CONSTRAINT "mutations_reverts" UNIQUE("reverts");
--> statement-breakpoint
CREATE TRIGGER chain_mutation BEFORE INSERT ON mutations FOR EACH ROW EXECUTE FUNCTION chain_mutation();
--> statement-breakpoint

-- What people order of objects (money moved, light and dark, cases closed) is the object's own truth, and comes here as
-- a row that names the person. Its audit row comes with it, in the transaction that records it, at its end: the chain's
-- lock is held for no longer than the commit takes. A row that is sent again records nothing, so it leaves none.
CREATE FUNCTION audit_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  present jsonb := to_jsonb(NEW);
  was jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
  who text;
  why text;
BEGIN
  IF TG_TABLE_NAME = 'payment_allocations' THEN
    INSERT INTO mutations (actor, reason, at, action, subject, before, after)
    SELECT NEW.actor, NEW.reason, NEW.at, CASE NEW.generation WHEN 1 THEN 'receipt.record' ELSE 'receipt.move' END,
      'receipt:' || NEW.receipt, cc_audit_shares(NEW.receipt, NEW.generation - 1), cc_audit_shares(NEW.receipt, NEW.generation);
  ELSIF TG_TABLE_NAME = 'relay_commands' THEN
    INSERT INTO mutations (actor, reason, at, action, subject, after)
    SELECT NEW.actor, NEW.reason, NEW.requested_at, 'relay.' || NEW.action, 'meter:' || k.meter_number,
      present - '{actor,reason,state,error,published_at,ended_at,version}'::text[]
    FROM meters k WHERE k.id = NEW.meter_id;
  ELSIF TG_TABLE_NAME = 'relay_overrides' THEN
    INSERT INTO mutations (actor, reason, at, action, subject, before, after)
    SELECT NEW.actor, NEW.reason, NEW.at, 'relay.override', 'meter:' || k.meter_number,
      (SELECT jsonb_build_object('state', o.state, 'at', o.at, 'expires_at', o.expires_at) FROM relay_overrides o
        WHERE o.account_id = NEW.account_id AND o.meter_id = NEW.meter_id AND o.at < NEW.at ORDER BY o.at DESC LIMIT 1),
      jsonb_build_object('id', NEW.id, 'state', NEW.state, 'expires_at', NEW.expires_at)
    FROM meters k WHERE k.id = NEW.meter_id;
  ELSIF TG_TABLE_NAME = 'ledger_entries' THEN
    INSERT INTO mutations (actor, reason, at, action, subject, after)
    SELECT NEW.actor, NEW.reason, NEW.accepted_at, 'account.' || NEW.kind, 'account:' || a.account_number,
      jsonb_build_object('entry_key', NEW.entry_key, 'energy_wh', NEW.energy_wh, 'amount_minor', NEW.amount_minor,
        'currency', NEW.currency, 'balance_after_wh', NEW.balance_after_wh)
    FROM accounts a WHERE a.id = NEW.account_id;
  ELSE
    who := coalesce(NEW.details #>> '{by,actor}', NEW.details #>> '{answer,actor}', NEW.details ->> 'closedBy');
    why := coalesce(NEW.details #>> '{by,reason}', NEW.details #>> '{answer,reason}', NEW.details ->> 'closedReason');
    IF who IS NOT NULL AND NEW.state = 'closed' AND was ->> 'state' IS DISTINCT FROM 'closed' THEN
      INSERT INTO mutations (actor, reason, at, action, subject, before, after)
      VALUES (who, why, coalesce(NEW.closed_at, now()), 'case.close', 'case:' || NEW.case_key, was, present);
    END IF;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Who holds which share of a receipt in one generation; null before the first.
CREATE FUNCTION cc_audit_shares(of_receipt text, of_generation integer) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('generation', of_generation, 'shares', jsonb_agg(jsonb_build_object('holder', p.holder_kind,
    'account', a.account_number, 'amount_minor', p.amount_minor, 'because', p.because) ORDER BY p.share))
  FROM payment_allocations p LEFT JOIN accounts a ON a.id = p.account_id
  WHERE p.receipt = of_receipt AND p.generation = of_generation HAVING count(*) > 0
$$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_act AFTER INSERT ON payment_allocations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.actor IS NOT NULL AND NEW.actor <> 'provider webhook' AND NEW.share = 1 AND NEW.holder_kind <> 'legacy')
  EXECUTE FUNCTION audit_act();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_act AFTER INSERT ON relay_commands DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.actor IS NOT NULL AND NEW.because <> 'keep_dark') EXECUTE FUNCTION audit_act();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_act AFTER INSERT ON relay_overrides DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION audit_act();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_act AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.actor IS NOT NULL AND NEW.actor <> 'machine' AND NEW.account_id IS NOT NULL AND NEW.kind IN ('opening', 'correction'))
  EXECUTE FUNCTION audit_act();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_act AFTER INSERT OR UPDATE ON reconciliation_cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.state = 'closed') EXECUTE FUNCTION audit_act();

--> statement-breakpoint

-- Taken away again only where somebody made it by mistake and nothing names it yet: keys hold what is in use.
GRANT DELETE ON sites, customers, meters TO cc_app;
