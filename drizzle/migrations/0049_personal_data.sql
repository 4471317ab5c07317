CREATE TABLE "erasures" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" bigint NOT NULL,
	"document" text NOT NULL,
	"state" text NOT NULL,
	"ordered_by" text NOT NULL,
	"ordered_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"looks_for" jsonb,
	"rows_changed" integer DEFAULT 0 NOT NULL,
	"passed_at" timestamp with time zone,
	"pass_changed" integer,
	"done_at" timestamp with time zone,
	CONSTRAINT "erasures_state" CHECK ("erasures"."state" IN ('waiting', 'approved', 'done', 'refused')),
	CONSTRAINT "erasures_looks_for" CHECK (("erasures"."looks_for" IS NOT NULL) = ("erasures"."state" = 'approved')),
	CONSTRAINT "erasures_done" CHECK (("erasures"."done_at" IS NOT NULL) = ("erasures"."state" = 'done')),
	CONSTRAINT "erasures_decided" CHECK ("erasures"."state" IN ('waiting', 'refused') OR "erasures"."decided_by" IS NOT NULL),
	CONSTRAINT "erasures_second" CHECK ("erasures"."state" = 'refused' OR "erasures"."decided_by" IS NULL OR lower(regexp_replace("erasures"."decided_by", '[[:space:]]', '', 'g')) <> lower(regexp_replace("erasures"."ordered_by", '[[:space:]]', '', 'g')))
);
--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "erasures_open" ON "erasures" USING btree ("customer_id") WHERE state IN ('waiting', 'approved');--> statement-breakpoint
CREATE INDEX "erasures_approved" ON "erasures" USING btree ("decided_at") WHERE state = 'approved';--> statement-breakpoint
-- By hand: rights, what is personal, and how a person is taken out of it.
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, looks_for, rows_changed, passed_at, pass_changed, done_at) ON erasures TO cc_app;
--> statement-breakpoint
-- Columns that may name a customer, as src/domain/personal/columns.ts lists them (a test compares). way: text, json; carrier: a number of a carrier's row; blank: all of it
-- where the row is the person's own; bytes: of `content` beside it. own: whose row it is, of accounts $1, their numbers $2, customers $3.
CREATE FUNCTION cc_personal() RETURNS TABLE (tbl text, col text, way text, own text) LANGUAGE sql IMMUTABLE AS $$
  VALUES
  ('care_messages', 'sender', 'blank', 't.customer_id = ANY($3) OR t.account_id = ANY($1)'),
  ('care_messages', 'phone', 'text', 'false'),
  ('care_messages', 'text', 'blank', 't.customer_id = ANY($3) OR t.account_id = ANY($1)'),
  ('carrier_sms', 'to_phone', 'carrier', 't.customer_id = ANY($3) OR t.account_id = ANY($1)'),
  ('carrier_sms', 'content', 'text', 't.customer_id = ANY($3) OR t.account_id = ANY($1)'),
  ('carrier_sms', 'because', 'text', 't.customer_id = ANY($3) OR t.account_id = ANY($1)'),
  ('commissioning_events', 'reason', 'text', 't.account_id = ANY($1)'),
  ('corrections', 'reason', 'text', 't.account_id = ANY($1)'),
  ('corrections', 'document', 'text', 't.account_id = ANY($1)'),
  ('corrections', 'because', 'text', 't.account_id = ANY($1)'),
  ('customer_merges', 'moved', 'blankjson', 't.one_id = ANY($3) OR t.other_id = ANY($3)'),
  ('customer_merges', 'reason', 'text', 't.one_id = ANY($3) OR t.other_id = ANY($3)'),
  ('customers', 'note', 'text', 'false'),
  ('dead_letters', 'body', 'json', 'false'),
  ('erasures', 'document', 'text', 't.customer_id = ANY($3)'),
  ('fee_orders', 'reason', 'text', 't.account_id = ANY($1)'),
  ('fee_orders', 'document', 'text', 't.account_id = ANY($1)'),
  ('fee_orders', 'because', 'text', 't.account_id = ANY($1)'),
  ('fee_verifications', 'note', 'text', 'false'),
  ('legacy_transactions', 'payer_phone', 'text', 'false'),
  ('mutations', 'before', 'blankjson', $own$t.action <> 'customer.erase' AND t.subject IN (SELECT 'customer:' || c FROM unnest($3) AS c)$own$),
  ('mutations', 'after', 'blankjson', $own$t.action <> 'customer.erase' AND t.subject IN (SELECT 'customer:' || c FROM unnest($3) AS c)$own$),
  ('mutations', 'reason', 'text', $own$t.action <> 'customer.erase' AND t.subject IN (SELECT 'customer:' || c FROM unnest($3) AS c)$own$),
  ('om_mirrors', 'error', 'text', 'false'),
  ('payment_allocations', 'reason', 'text', 't.account_id = ANY($1)'),
  ('payments', 'payer_phone', 'text', 'false'),
  ('reconciliation_cases', 'details', 'json', 'false'),
  ('registration_batches', 'file_name', 'text', 'false'),
  ('registration_batches', 'because', 'text', 'false'),
  ('registration_batches', 'undo_reason', 'text', 'false'),
  ('registration_rows', 'typed', 'blankjson', 't.customer_id = ANY($3) OR (t.customer_id IS NULL AND t.typed::text ~ $6)'),
  ('registration_rows', 'fields', 'blankjson', 't.customer_id = ANY($3) OR (t.customer_id IS NULL AND t.typed::text ~ $6)'),
  ('registration_rows', 'faults', 'blankjson', 't.customer_id = ANY($3) OR (t.customer_id IS NULL AND t.typed::text ~ $6)'),
  ('registration_rows', 'twins', 'blankjson', 't.customer_id = ANY($3) OR (t.customer_id IS NULL AND t.typed::text ~ $6)'),
  ('registration_rows', 'because', 'text', 't.customer_id = ANY($3)'),
  ('relay_commands', 'reason', 'text', 't.account_id = ANY($1)'),
  ('relay_overrides', 'reason', 'text', 't.account_id = ANY($1)'),
  ('sms_deliveries', 'to_phone', 'text', 'false'),
  ('sms_deliveries', 'details', 'json', 'false'),
  ('sms_inbound', 'sender', 'text', 'false'),
  ('sms_inbound', 'content', 'text', 'EXISTS (SELECT FROM sms_results r WHERE r.content_hash = t.content_hash AND r.account_id = ANY($1))'),
  ('sms_inbound', 'content_raw', 'bytes', 'EXISTS (SELECT FROM sms_results r WHERE r.content_hash = t.content_hash AND r.account_id = ANY($1))'),
  ('sms_outbound', 'to_phone', 'text', 'false'),
  ('sms_outbound', 'content', 'text', 't.account_id = ANY($1)'),
  ('sms_results', 'parsed', 'json', 't.account_id = ANY($1)'),
  ('sms_results', 'because', 'text', 't.account_id = ANY($1)'),
  ('statement_lines', 'payer_phone', 'text', 'false'),
  ('suspense_cases', 'payer_phone', 'text', 'false'),
  ('suspense_cases', 'text', 'text', 't.hint_accounts && $2'),
  ('suspense_cases', 'hint_note', 'text', 't.hint_accounts && $2'),
  ('ticket_events', 'details', 'json', 't.ticket_id IN (SELECT k.id FROM tickets k WHERE k.account_id = ANY($1))'),
  ('ticket_sms', 'sms_json', 'text', 't.ticket_id IN (SELECT k.id FROM tickets k WHERE k.account_id = ANY($1))'),
  ('tickets', 'summary', 'text', 't.account_id = ANY($1)'),
  ('tickets', 'reported_by', 'text', 't.account_id = ANY($1)'),
  ('tickets', 'phone', 'text', 'false'),
  ('tickets', 'cause', 'text', 't.account_id = ANY($1)'),
  ('tickets', 'resolution', 'text', 't.account_id = ANY($1)'),
  ('upload_rows', 'line', 'json', 't.account_number = ANY($2)'),
  ('upload_rows', 'fault', 'json', 't.account_number = ANY($2)'),
  ('upload_rows', 'because', 'text', 't.account_number = ANY($2)'),
  ('uploads', 'file_name', 'text', 'false'),
  ('vendor_credits', 'error', 'text', 't.account_id = ANY($1)'),
  ('webhook_events', 'body', 'json', 'false'),
  ('welcome_sms', 'content', 'text', 't.customer_id = ANY($3)')
$$;
--> statement-breakpoint
CREATE FUNCTION cc_erased_text(value text, names text, phones text) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN regexp_replace(regexp_replace(value, names, '[erased]', 'gi'), phones, '00000000', 'g');
--> statement-breakpoint
-- Of texts alone: numbers, which are money and watt-hours, and names of fields stay as they are.
CREATE FUNCTION cc_erased_json(value jsonb, names text, phones text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE jsonb_typeof(value)
    WHEN 'string' THEN to_jsonb(cc_erased_text(value #>> '{}', names, phones))
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(cc_erased_json(e.value, names, phones) ORDER BY e.nth), '[]')
      FROM jsonb_array_elements(cc_erased_json.value) WITH ORDINALITY AS e(value, nth))
    WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(e.key, cc_erased_json(e.value, names, phones)), '{}')
      FROM jsonb_each(cc_erased_json.value) AS e)
    ELSE value END;
END $$;
--> statement-breakpoint
-- The shape alone: which fields there were.
CREATE FUNCTION cc_blank_json(value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE jsonb_typeof(value)
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(cc_blank_json(e.value) ORDER BY e.nth), '[]')
      FROM jsonb_array_elements(cc_blank_json.value) WITH ORDINALITY AS e(value, nth))
    WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(e.key, cc_blank_json(e.value)), '{}') FROM jsonb_each(cc_blank_json.value) AS e)
    WHEN 'null' THEN value
    ELSE CASE WHEN value IS NULL THEN NULL ELSE '"[erased]"'::jsonb END END;
END $$;
--> statement-breakpoint
-- What is append-only stays so for everybody, but that an approved erasure takes a person out of personal columns: nothing else of a row can change by it.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  personal text[];
BEGIN
  IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' AND current_setting('cc.erasing', true) = 'on' THEN
    SELECT array_agg(p.col) || 'subject_kind'::text INTO personal FROM cc_personal() AS p WHERE p.tbl = TG_TABLE_NAME;
    IF to_jsonb(NEW) - personal = to_jsonb(OLD) - personal THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
--> statement-breakpoint
-- Whose name, phones and page in the portal end: the row itself stays, since accounts and money hang on it. With the rights of
-- whoever calls: the application alone may not.
CREATE FUNCTION cc_erase_holder(erasure erasures, holders bigint[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  version bigint := next_facts_version();
  changed integer;
BEGIN
  WITH made AS (
    UPDATE customers c SET name = '[erased]', given_name = NULL, family_name = NULL, phones = '{}', phones_typed = '{}', email = NULL,
      national_id = NULL, gender = NULL, plot_number = NULL, latitude = NULL, longitude = NULL, street = NULL, place = NULL, district = NULL,
      note = NULL, rooms = NULL, facts_version = version
    WHERE c.id = ANY(holders) AND (c.name <> '[erased]' OR cardinality(c.phones) > 0
      OR num_nonnulls(c.given_name, c.family_name, c.email, c.national_id, c.gender, c.plot_number, c.latitude, c.street, c.place,
        c.district, c.note, c.rooms) > 0)
    RETURNING c.id
  ), said AS (
    INSERT INTO mutations (actor, reason, action, subject, after)
    SELECT erasure.decided_by, erasure.document, 'customer.erase', 'customer:' || made.id,
      jsonb_build_object('erasure', erasure.id, 'ordered_by', erasure.ordered_by) FROM made
  ), told AS (
    -- What accounts know of their holder is as new as the account's own row.
    UPDATE accounts a SET facts_version = version FROM made WHERE a.customer_id = made.id
  ), signed_out AS (
    UPDATE sessions s SET revoked_at = now() FROM accounts a
    WHERE a.customer_id = ANY(holders) AND s.account_id = a.id AND s.revoked_at IS NULL
  ), unclaimed AS (
    DELETE FROM customer_logins l WHERE l.customer_id = ANY(holders)
  )
  SELECT count(*) INTO changed FROM made;
  RETURN changed;
END $$;
--> statement-breakpoint
-- One table, some rows: what of it still names the person of an approved order. Returns how many rows were changed; 0 is the end.
CREATE FUNCTION cc_erase(erasure_id text, of_table text, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  erasure erasures;
  holders bigint[];
  accounts_held bigint[];
  numbers text[];
  sets text;
  doubts text;
  differs text;
  changed integer;
  hashes jsonb;
BEGIN
  SELECT * INTO erasure FROM erasures e WHERE e.id = erasure_id AND e.state = 'approved';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no approved erasure %', erasure_id USING ERRCODE = '42501';
  END IF;
  SELECT array_agg(c.id) INTO holders FROM customers c WHERE c.id = erasure.customer_id OR c.merged_into = erasure.customer_id;
  IF of_table = 'customers' THEN
    changed := cc_erase_holder(erasure, holders);
    IF changed > 0 THEN RETURN changed; END IF;
  END IF;
  SELECT coalesce(array_agg(a.id), '{}'), coalesce(array_agg(a.account_number), '{}') INTO accounts_held, numbers
    FROM accounts a WHERE a.customer_id = ANY(holders);
  SELECT string_agg(format('%I = %s', w.col, w.made), ', '), string_agg(w.doubt, ' OR '),
      string_agg(format('t.%I IS DISTINCT FROM %s', w.col, w.made), ' OR ')
    INTO sets, doubts, differs
    FROM (SELECT p.col,
        CASE p.way
          WHEN 'text' THEN format('cc_erased_text(t.%1$I, CASE WHEN %2$s THEN $5 ELSE $4 END, $6)', p.col, p.own)
          WHEN 'json' THEN format('cc_erased_json(t.%1$I, CASE WHEN %2$s THEN $5 ELSE $4 END, $6)', p.col, p.own)
          WHEN 'bytes' THEN format('CASE WHEN t.content = cc_erased_text(t.content, CASE WHEN %2$s THEN $5 ELSE $4 END, $6) THEN t.%1$I
            ELSE convert_to(cc_erased_text(t.content, CASE WHEN %2$s THEN $5 ELSE $4 END, $6), ''UTF8'') END', p.col, p.own)
          -- A campaign writes to a number once: each row keeps one of its own, that is nobody's.
          WHEN 'carrier' THEN format('CASE WHEN t.%1$I ~ $6 THEN ''+0'' || lpad(t.reference::text, 14, ''0'') ELSE t.%1$I END', p.col)
          WHEN 'blank' THEN format('CASE WHEN %2$s THEN ''[erased]'' ELSE cc_erased_text(t.%1$I, $4, $6) END', p.col, p.own)
          ELSE format('CASE WHEN %2$s THEN cc_blank_json(t.%1$I) ELSE cc_erased_json(t.%1$I, $4, $6) END', p.col, p.own)
        END AS made,
        -- What is cheap to see first: most rows name nobody of this name.
        CASE p.way WHEN 'bytes' THEN 'false'
          WHEN 'blank' THEN format('(%2$s) OR t.%1$I ~* $7', p.col, p.own)
          WHEN 'blankjson' THEN format('(%2$s) OR t.%1$I::text ~* $7', p.col, p.own)
          ELSE format('t.%1$I::text ~* $7', p.col) END AS doubt
      FROM cc_personal() AS p WHERE p.tbl = of_table) AS w;
  IF sets IS NULL THEN
    RAISE EXCEPTION 'nothing personal is known of %', of_table USING ERRCODE = '22023';
  END IF;
  PERFORM set_config('cc.erasing', 'on', true);
  EXECUTE format('WITH due AS (
      SELECT t.ctid AS place FROM %1$I t WHERE (%2$s) AND (%3$s) LIMIT $8
    ), made AS (
      UPDATE %1$I t SET %4$s FROM due WHERE t.ctid = due.place RETURNING %5$s
    ) SELECT count(*)::integer, %6$s FROM made', of_table, doubts, differs, sets,
      CASE of_table WHEN 'mutations' THEN 't.seq, cc_audit_hash(t) AS hash' ELSE '1' END,
      CASE of_table WHEN 'mutations' THEN 'jsonb_object_agg(seq, hash)' ELSE 'NULL::jsonb' END)
    INTO changed, hashes
    USING accounts_held, numbers, holders, erasure.looks_for ->> 'whole', erasure.looks_for ->> 'near', erasure.looks_for ->> 'phones',
      erasure.looks_for ->> 'loose', most;
  PERFORM set_config('cc.erasing', 'off', true);
  -- The chain stands on what was hashed then; what each changed row is now stands in an act of the chain itself.
  IF of_table = 'mutations' AND changed > 0 THEN
    INSERT INTO mutations (actor, reason, action, subject, after)
    VALUES (erasure.decided_by, erasure.document, 'audit.erase', 'erasure:' || erasure.id,
      jsonb_build_object('hashes', hashes));
  END IF;
  RETURN changed;
END $$;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION cc_erase(text, text, integer) TO cc_app;
--> statement-breakpoint
-- What a row of the audit is since a person was taken out of it; null: it is as it was written.
CREATE FUNCTION cc_audit_erased(of_seq bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT m.after -> 'hashes' ->> of_seq::text FROM mutations m
  WHERE m.action = 'audit.erase' AND m.seq > of_seq AND m.after -> 'hashes' ? of_seq::text ORDER BY m.seq DESC LIMIT 1
$$;
