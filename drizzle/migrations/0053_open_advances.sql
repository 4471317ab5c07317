CREATE TABLE "open_advances" (
	"account_id" bigint NOT NULL,
	"part" text NOT NULL,
	"entry_key" text NOT NULL,
	"granted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "open_advances_account_id_part_pk" PRIMARY KEY("account_id","part"),
	CONSTRAINT "open_advances_entry" UNIQUE("entry_key"),
	CONSTRAINT "open_advances_part" CHECK ("open_advances"."part" ~ '^advance[.](connection|readyboard)$')
);
--> statement-breakpoint
ALTER TABLE "open_advances" ADD CONSTRAINT "open_advances_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "open_advances" ADD CONSTRAINT "open_advances_entry_key_ledger_entries_entry_key_fk" FOREIGN KEY ("entry_key") REFERENCES "public"."ledger_entries"("entry_key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "ledger_entries_fees" ON "ledger_entries" USING btree ("account_id","seq") WHERE book = 'customer_fees';--> statement-breakpoint
-- By hand: the table follows the entries by itself, as balances do, and nobody can type into it.
GRANT SELECT ON open_advances TO cc_app;
--> statement-breakpoint
-- Which advance a line of an account's fees is about; null: none. The keys are those of src/domain/fees/debt.ts.
CREATE FUNCTION cc_advance_of(entry_key text) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN coalesce(substring(entry_key FROM '^receipt:.+/fee[.](advance[.](?:connection|readyboard))(?::reversal)?$'),
    substring(entry_key FROM '^fee:[a-z]+:(advance[.](?:connection|readyboard)):[^:/]+$'));
--> statement-breakpoint
-- The one open advance of a kind, told from the account's lines in their own order: copied twice, or late, they say the same. What was
-- granted while one was open keeps its entry, and is a case until so much is written off after it, or nothing of the kind is owed.
CREATE FUNCTION cc_follow_advance(of_account bigint, of_part text) RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  a record;
BEGIN
  WITH lines AS (
    SELECT e.entry_key, e.seq, e.amount_minor, e.accepted_at, e.entry_key LIKE 'fee:charge:%' AS is_grant,
      coalesce(sum(e.amount_minor) OVER (ORDER BY e.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) >= 0 AS was_free
    FROM ledger_entries e WHERE e.account_id = of_account AND e.book = 'customer_fees' AND cc_advance_of(e.entry_key) = of_part
  ), first AS (SELECT * FROM lines WHERE is_grant AND was_free ORDER BY seq DESC LIMIT 1),
  later AS (SELECT l.* FROM lines l JOIN first f ON l.seq > f.seq WHERE l.is_grant)
  SELECT f.entry_key, f.accepted_at, o.account_number, t.is_owed, t.newest_at, coalesce(n.entries, '[]') AS later,
    t.is_owed AND coalesce(n.minor > t.forgiven_minor, false) AS wants_person
  INTO a
  FROM first f JOIN accounts o ON o.id = of_account
    CROSS JOIN LATERAL (SELECT jsonb_agg(l.entry_key ORDER BY l.seq) AS entries, -sum(l.amount_minor) AS minor, min(l.seq) AS seq FROM later l) n
    CROSS JOIN LATERAL (SELECT sum(l.amount_minor) < 0 AS is_owed, max(l.accepted_at) AS newest_at,
      coalesce(sum(l.amount_minor) FILTER (WHERE l.entry_key LIKE 'fee:writeoff:%' AND l.seq > n.seq), 0) AS forgiven_minor FROM lines l) t;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF a.is_owed THEN
    INSERT INTO open_advances AS k (account_id, part, entry_key, granted_at) VALUES (of_account, of_part, a.entry_key, a.accepted_at)
      ON CONFLICT (account_id, part) DO UPDATE SET entry_key = excluded.entry_key, granted_at = excluded.granted_at
      WHERE k.entry_key <> excluded.entry_key;
  ELSE
    DELETE FROM open_advances k WHERE k.account_id = of_account AND k.part = of_part;
  END IF;
  UPDATE reconciliation_cases k SET state = 'closed', closed_at = a.newest_at, version = k.version + 1
    WHERE k.subject = a.account_number AND k.case_kind = 'two_advances' AND k.details ->> 'part' = of_part AND k.state = 'open'
      AND NOT (a.wants_person AND k.case_key = 'advances:' || a.entry_key);
  IF a.wants_person THEN
    -- One that a person has closed stays closed, until yet another is granted.
    INSERT INTO reconciliation_cases AS k (case_key, case_kind, subject, details, state, opened_at, version)
    VALUES ('advances:' || a.entry_key, 'two_advances', a.account_number,
      jsonb_build_object('part', of_part, 'first', a.entry_key, 'later', a.later), 'open', a.newest_at, 1)
    ON CONFLICT (case_key) DO UPDATE SET details = excluded.details, state = 'open', closed_at = NULL, version = k.version + 1
      WHERE k.details -> 'later' <> excluded.details -> 'later' OR (k.state = 'closed' AND NOT k.details ? 'closedBy');
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION follow_advances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM cc_follow_advance(t.account_id, t.part)
  FROM (SELECT DISTINCT e.account_id, cc_advance_of(e.entry_key) AS part FROM added e WHERE e.book = 'customer_fees'
    ORDER BY 1, 2) t WHERE t.part IS NOT NULL;
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION cc_follow_advance(bigint, text) FROM PUBLIC;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION follow_advances() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER follow_advances AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION follow_advances();
--> statement-breakpoint
-- Those that are open already.
SELECT cc_follow_advance(t.account_id, t.part)
FROM (SELECT DISTINCT e.account_id, cc_advance_of(e.entry_key) AS part FROM ledger_entries e WHERE e.book = 'customer_fees'
  ORDER BY 1, 2) t WHERE t.part IS NOT NULL;
