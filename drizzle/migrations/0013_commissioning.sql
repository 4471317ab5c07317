CREATE TABLE "commissioning_events" (
	"account_id" bigint NOT NULL,
	"seq" integer NOT NULL,
	"step" text NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp with time zone,
	"refers_to" integer,
	"was_status" text,
	"actor" text,
	"reason" text,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "commissioning_events_key" PRIMARY KEY("account_id","seq"),
	CONSTRAINT "commissioning_events_seq" CHECK ("commissioning_events"."seq" > 0 AND "commissioning_events"."refers_to" < "commissioning_events"."seq"),
	CONSTRAINT "commissioning_events_step" CHECK ("commissioning_events"."step" IN ('registered', 'connection_fee_paid', 'readyboard_fee_paid', 'readyboard_tested',
        'readyboard_installed', 'airdac_connected', 'meter_installed', 'commissioned', 'terminated')),
	CONSTRAINT "commissioning_events_kind" CHECK (CASE "commissioning_events"."kind" WHEN 'done' THEN "commissioning_events"."refers_to" IS NULL OR "commissioning_events"."step" = 'commissioned'
        WHEN 'corrected' THEN "commissioning_events"."refers_to" IS NOT NULL
        WHEN 'withdrawn' THEN "commissioning_events"."refers_to" IS NOT NULL AND "commissioning_events"."at" IS NULL ELSE false END),
	CONSTRAINT "commissioning_events_was" CHECK ("commissioning_events"."was_status" IN ('live', 'postpaid'))
);
--> statement-breakpoint
CREATE TABLE "contract_accesses" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "contract_accesses_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"contract_id" bigint NOT NULL,
	"link_id" bigint,
	"actor" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "contract_accesses_by" CHECK (("contract_accesses"."link_id" IS NULL) <> ("contract_accesses"."actor" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "contract_links" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "contract_links_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"contract_id" bigint NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"sms_id" text,
	"phone_id" text,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "contract_links_sms" UNIQUE("sms_id"),
	CONSTRAINT "contract_links_sms_bound" CHECK (("contract_links"."sms_id" IS NULL) = ("contract_links"."phone_id" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "contracts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "contracts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" bigint NOT NULL,
	"version" integer NOT NULL,
	"language" text NOT NULL,
	"act_key" text NOT NULL,
	"request_sha256" text NOT NULL,
	"commissioned_seq" integer NOT NULL,
	"service_phase" text NOT NULL,
	"ampacity_a" integer,
	"tariff_id" bigint,
	"rate" numeric(14, 4) NOT NULL,
	"terms" jsonb NOT NULL,
	"object_key" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" integer NOT NULL,
	"pages" integer NOT NULL,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contracts_version" UNIQUE("account_id","version","language"),
	CONSTRAINT "contracts_act" UNIQUE("act_key","language"),
	CONSTRAINT "contracts_language" CHECK ("contracts"."language" IN ('en', 'fr', 'st')),
	CONSTRAINT "contracts_phase" CHECK ("contracts"."service_phase" IN ('single', 'three')),
	CONSTRAINT "contracts_whole" CHECK ("contracts"."version" > 0 AND "contracts"."bytes" > 0 AND "contracts"."pages" > 0 AND "contracts"."ampacity_a" > 0),
	CONSTRAINT "contracts_hash" CHECK ("contracts"."sha256" ~ '^[0-9a-f]{64}$' AND "contracts"."request_sha256" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "commissioning_events" ADD CONSTRAINT "commissioning_events_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commissioning_events" ADD CONSTRAINT "commissioning_events_about" FOREIGN KEY ("account_id","refers_to") REFERENCES "public"."commissioning_events"("account_id","seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_accesses" ADD CONSTRAINT "contract_accesses_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_accesses" ADD CONSTRAINT "contract_accesses_link_id_contract_links_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."contract_links"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract_links" ADD CONSTRAINT "contract_links_contract_id_contracts_id_fk" FOREIGN KEY ("contract_id") REFERENCES "public"."contracts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_commissioning" FOREIGN KEY ("account_id","commissioned_seq") REFERENCES "public"."commissioning_events"("account_id","seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contract_accesses_contract" ON "contract_accesses" USING btree ("contract_id","at");--> statement-breakpoint
CREATE INDEX "contract_links_contract" ON "contract_links" USING btree ("contract_id");
--> statement-breakpoint
-- By hand: what the events come to, who keeps them equal with `accounts`, rights.
-- The seq of the termination in force, or null: one that is not withdrawn, and that no standing commissioning ends.
CREATE FUNCTION cc_termination(account bigint) RETURNS integer LANGUAGE sql STABLE
  RETURN (SELECT max(t.seq) FROM commissioning_events t
    WHERE t.account_id = account AND t.step = 'terminated' AND t.kind = 'done'
      AND NOT EXISTS (SELECT FROM commissioning_events w
        WHERE w.account_id = account AND w.refers_to = t.seq AND w.kind = 'withdrawn')
      AND NOT EXISTS (SELECT FROM commissioning_events c
        WHERE c.account_id = account AND c.refers_to = t.seq AND c.step = 'commissioned' AND c.kind = 'done'
          AND NOT EXISTS (SELECT FROM commissioning_events w
            WHERE w.account_id = account AND w.refers_to = c.seq AND w.kind = 'withdrawn')));
--> statement-breakpoint
-- When a standing event was, as it was put right last.
CREATE FUNCTION cc_event_at(account bigint, event integer) RETURNS timestamptz LANGUAGE sql STABLE
  RETURN (SELECT e.at FROM commissioning_events e
    WHERE e.account_id = account AND (e.seq = event OR (e.refers_to = event AND e.kind = 'corrected'))
    ORDER BY e.seq DESC LIMIT 1);
--> statement-breakpoint
-- An account that any door opens, ends or opens again leaves its event. Whoever wrote the event already finds nothing to add.
CREATE FUNCTION follow_account() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  next integer := 1 + coalesce((SELECT max(seq) FROM commissioning_events WHERE account_id = NEW.id), 0);
  begun integer := (SELECT min(seq) FROM commissioning_events WHERE account_id = NEW.id AND step = 'registered');
  ended integer := cc_termination(NEW.id);
BEGIN
  IF begun IS NULL THEN
    INSERT INTO commissioning_events (account_id, seq, step, kind, at) VALUES (NEW.id, next, 'registered', 'done', NEW.opened_at);
    next := next + 1;
  ELSIF cc_event_at(NEW.id, begun) IS DISTINCT FROM NEW.opened_at THEN
    INSERT INTO commissioning_events (account_id, seq, step, kind, at, refers_to)
      VALUES (NEW.id, next, 'registered', 'corrected', NEW.opened_at, begun);
    next := next + 1;
  END IF;
  IF NEW.status = 'terminated' AND ended IS NULL THEN
    INSERT INTO commissioning_events (account_id, seq, step, kind, at, was_status)
      VALUES (NEW.id, next, 'terminated', 'done', NEW.terminated_at,
        CASE WHEN TG_OP = 'UPDATE' AND OLD.status <> 'terminated' THEN OLD.status END);
  ELSIF NEW.status = 'terminated' AND cc_event_at(NEW.id, ended) IS DISTINCT FROM NEW.terminated_at THEN
    INSERT INTO commissioning_events (account_id, seq, step, kind, at, refers_to)
      VALUES (NEW.id, next, 'terminated', 'corrected', NEW.terminated_at, ended);
  ELSIF NEW.status <> 'terminated' AND ended IS NOT NULL THEN
    INSERT INTO commissioning_events (account_id, seq, step, kind, refers_to)
      VALUES (NEW.id, next, 'terminated', 'withdrawn', ended);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER follow_account AFTER INSERT OR UPDATE OF status, opened_at, terminated_at ON accounts
  FOR EACH ROW EXECUTE FUNCTION follow_account();
--> statement-breakpoint
INSERT INTO commissioning_events (account_id, seq, step, kind, at) SELECT id, 1, 'registered', 'done', opened_at FROM accounts;
--> statement-breakpoint
INSERT INTO commissioning_events (account_id, seq, step, kind, at)
  SELECT id, 2, 'terminated', 'done', terminated_at FROM accounts WHERE status = 'terminated';
--> statement-breakpoint
-- Flags and dates of an account, never typed in. The same as progressOf() of src/domain/commissioning.ts; a test compares them.
CREATE VIEW account_stages AS
WITH said AS (
  SELECT coalesce(refers_to, seq) AS event, account_id, seq, step, kind, at FROM commissioning_events WHERE kind <> 'done'
  UNION ALL
  SELECT seq, account_id, seq, step, kind, at FROM commissioning_events WHERE kind = 'done'
), standing AS (
  SELECT account_id, event, min(step) AS step, (array_agg(at ORDER BY seq DESC))[1] AS at
  FROM said GROUP BY account_id, event HAVING NOT bool_or(kind = 'withdrawn')
), held AS (
  SELECT s.account_id, s.event, s.step, s.at FROM standing s
  WHERE s.step <> 'terminated' OR NOT EXISTS (
    SELECT FROM standing b JOIN commissioning_events c ON c.account_id = b.account_id AND c.seq = b.event
    WHERE b.account_id = s.account_id AND b.step = 'commissioned' AND c.refers_to = s.event)
)
SELECT account_id,
  (array_agg(step ORDER BY array_position(ARRAY['registered', 'connection_fee_paid', 'readyboard_fee_paid',
    'readyboard_tested', 'readyboard_installed', 'airdac_connected', 'meter_installed', 'commissioned', 'terminated'],
    step) DESC))[1] AS stage,
  jsonb_object_agg(step, cc_ms(at) ORDER BY event) AS reached,
  min(at) FILTER (WHERE step = 'commissioned') AS connected_at,
  (array_agg(at ORDER BY event DESC) FILTER (WHERE step = 'terminated'))[1] AS terminated_at,
  bool_or(step = 'commissioned') AND NOT bool_or(step = 'terminated') AS is_connected
FROM held GROUP BY account_id;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON commissioning_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON commissioning_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON contracts FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON contracts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON contract_links FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON contract_links FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON contract_accesses FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON contract_accesses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
GRANT SELECT, INSERT ON commissioning_events, contracts, contract_links, contract_accesses TO cc_app;
--> statement-breakpoint
GRANT SELECT ON account_stages TO cc_app;
