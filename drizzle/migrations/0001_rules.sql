-- What tables alone cannot say: exclusion, append-only, double entry, balances, counters, rights.
-- Run as cc_owner; the roles cc_owner and cc_app exist before.
CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint

-- Instants cross the wire as whole UTC milliseconds.
CREATE FUNCTION cc_at(ms bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN to_timestamp(ms / 1000.0);
--> statement-breakpoint
CREATE FUNCTION cc_ms(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (extract(epoch FROM at) * 1000)::bigint;
--> statement-breakpoint

-- One account a meter at a time. The index also finds the placement that covers an instant.
ALTER TABLE meter_placements ADD CONSTRAINT meter_placements_no_overlap
  EXCLUDE USING gist (meter_id WITH =, tstzrange(valid_from, valid_to) WITH &&);
--> statement-breakpoint
-- One account an alias at a time. The index also finds the account an alias meant at an instant.
ALTER TABLE account_aliases ADD CONSTRAINT account_aliases_no_overlap
  EXCLUDE USING gist (alias WITH =, tstzrange(valid_from, valid_to) WITH &&);
--> statement-breakpoint

-- The last 8 digits of each phone: how the same number is found whatever country prefix it was written with.
CREATE FUNCTION cc_last8(phones text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(right(phone, 8)), '{}') FROM unnest(phones) AS phone);
--> statement-breakpoint
-- A payer's number leads to the customers who registered it.
CREATE INDEX customers_last8 ON customers USING gin (cc_last8(phones));
--> statement-breakpoint

-- Rises with every change of facts. The lock is held until the end of the transaction, so that the order of the numbers
-- is the order of the commits: an object that has seen 1007 has seen everything up to 1007. Starts far above 1, so that
-- no object takes facts from here for those of an account that never had an entry.
CREATE SEQUENCE facts_version_seq START WITH 1000;
--> statement-breakpoint
CREATE FUNCTION next_facts_version() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7301001);
  RETURN nextval('facts_version_seq');
END $$;
--> statement-breakpoint

-- Ends a batched write from inside, where one statement cannot look at another's answer: P0001 with the reason.
CREATE FUNCTION refuse_request(because text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', because USING ERRCODE = 'P0001';
END $$;
--> statement-breakpoint

-- The next free account number of a site. The counter's row is locked until the caller's transaction ends, so no two
-- callers get the same; numbers given elsewhere (a move-in) are stepped over.
CREATE FUNCTION next_account_number(site text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  given integer;
BEGIN
  INSERT INTO account_counters (site_code, last_number) VALUES (site, 0) ON CONFLICT (site_code) DO NOTHING;
  PERFORM 1 FROM account_counters WHERE site_code = site FOR UPDATE;
  UPDATE account_counters SET last_number = 1 + greatest(last_number,
      (SELECT max(left(account_number, 4)::integer) FROM accounts WHERE accounts.site_code = site))
    WHERE site_code = site RETURNING last_number INTO given;
  IF given > 9999 THEN
    RAISE EXCEPTION 'site % has no account number left', site USING ERRCODE = '22003', CONSTRAINT = 'account_numbers_used_up';
  END IF;
  RETURN lpad(given::text, 4, '0') || site;
END $$;
--> statement-breakpoint

-- Append-only, for the owner too: what was once written explains a figure for ever.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON mutations FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON mutations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payment_sightings FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON payment_sightings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payment_allocations FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON payment_allocations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sms_inbound FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON sms_inbound FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint

-- Double entry: a posting adds up to zero in watt-hours and in each currency. Deferred, so that its rows may come one
-- by one inside their transaction.
CREATE FUNCTION posting_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT sum(energy_wh) FROM ledger_entries WHERE posting_id = NEW.posting_id) <> 0
    OR EXISTS (SELECT FROM ledger_entries WHERE posting_id = NEW.posting_id GROUP BY currency HAVING sum(amount_minor) <> 0)
  THEN
    RAISE EXCEPTION 'posting % does not add up to zero', NEW.posting_id
      USING ERRCODE = '23514', CONSTRAINT = 'ledger_entries_posting_adds_up', TABLE = 'ledger_entries';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER posting_adds_up AFTER INSERT ON ledger_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION posting_adds_up();
--> statement-breakpoint

-- Balances follow the entries by themselves. As the owner, because the application may not write the table at all.
CREATE FUNCTION follow_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO account_balances (account_id, balance_wh, seq, as_of)
    SELECT DISTINCT ON (account_id) account_id, balance_after_wh, seq, accepted_at
    FROM added WHERE account_id IS NOT NULL ORDER BY account_id, seq DESC
    ON CONFLICT (account_id) DO UPDATE SET balance_wh = excluded.balance_wh, seq = excluded.seq, as_of = excluded.as_of
    WHERE account_balances.seq < excluded.seq;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER follow_balance AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION follow_balance();
--> statement-breakpoint

-- A claimed payment's receipt, amount, currency, provider and instant are fixed, and its (generation, version) only
-- rises: an older copy that comes late changes nothing, whoever writes it.
CREATE FUNCTION keep_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.generation, NEW.version) < (OLD.generation, OLD.version) OR NEW.receipt <> OLD.receipt THEN
    RAISE EXCEPTION 'an older copy of a payment' USING ERRCODE = '23001', CONSTRAINT = 'payments_only_rise', TABLE = 'payments';
  END IF;
  IF OLD.generation > 0 AND (NEW.provider, NEW.amount_minor, NEW.currency, NEW.paid_at, NEW.shard)
    IS DISTINCT FROM (OLD.provider, OLD.amount_minor, OLD.currency, OLD.paid_at, OLD.shard)
  THEN
    RAISE EXCEPTION 'a claimed payment is fixed' USING ERRCODE = '23001', CONSTRAINT = 'payments_fixed', TABLE = 'payments';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_payment BEFORE UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION keep_payment();
--> statement-breakpoint

-- Rights, named one by one. Nothing is given by default: a new table is closed until its migration opens it.
GRANT USAGE ON SCHEMA public TO cc_app;
--> statement-breakpoint
GRANT SELECT ON ALL TABLES IN SCHEMA public TO cc_app;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE facts_version_seq TO cc_app;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION next_account_number(text), next_facts_version(), follow_balance() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION next_account_number(text), next_facts_version() TO cc_app;
--> statement-breakpoint
-- Append-only: no UPDATE, no DELETE.
GRANT INSERT ON ledger_entries, mutations, payment_sightings, payment_allocations, sms_inbound, sms_sightings, sms_templates, tariffs TO cc_app;
--> statement-breakpoint
-- The other money tables: named columns, no DELETE. account_balances and account_counters: their functions alone.
GRANT INSERT, UPDATE (shard, provider, amount_minor, currency, account_id, holder_kind, paid_at, payer_phone, till_id,
  road, generation, version, blocked, claimed_at) ON payments TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (receipt, generation, share, till_id, amount_minor, currency, because, hint_accounts, hint_note,
  payer_phone, text, state, opened_at, closed_at, version) ON suspense_cases TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (state, because, published_at, ended_at, expires_at, error, version) ON relay_commands TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (case_kind, subject, details, state, closed_at, version) ON reconciliation_cases TO cc_app;
--> statement-breakpoint
-- SMS results and states follow their Mailbox.
GRANT INSERT, UPDATE (outcome, because, receipt, account_id, parsed, processed_at, version) ON sms_results TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (state, reason, offered_at, state_at, expires_at, version) ON sms_outbound TO cc_app;
--> statement-breakpoint
-- Who is whom: changed by people, each change with its row in mutations.
GRANT INSERT, UPDATE (name, facts_version) ON sites TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (name, phones, language) ON customers TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (customer_id, status, facts_version) ON accounts TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (valid_to) ON account_aliases TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (thing) ON meters TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (role, valid_to, base_register_wh, facts_version) ON meter_placements TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (name, providers, senders, payment_minor_max, account_day_minor_max, till_day_minor_max,
  chain_break_minor_max, facts_version) ON tills TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (name, token_hashes, smssync_secret_hash, rotated_at, revoked_at, facts_version) ON gateway_phones TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (value, facts_version, updated_at) ON country_settings TO cc_app;
--> statement-breakpoint
-- The house's own book-keeping.
GRANT INSERT, UPDATE (handled_at, handled_by) ON dead_letters TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (state, lease_owner, lease_until, fence, watermark, counts, error, started_at, ended_at) ON job_runs TO cc_app;
