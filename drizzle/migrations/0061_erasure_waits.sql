-- By hand. Rows that still name somebody because their money has no owner: who paid is how it finds one. They are taken out once it has.
CREATE FUNCTION cc_personal_waits() RETURNS TABLE (tbl text, waits text) LANGUAGE sql IMMUTABLE AS $$
  VALUES
  ('payments', $w$t.holder_kind = 'suspense' OR (t.holder_kind = 'split' AND EXISTS (SELECT FROM payment_allocations s
    WHERE s.receipt = t.receipt AND s.generation = t.generation AND s.holder_kind = 'suspense'))$w$),
  ('suspense_cases', $w$t.state = 'open'$w$)
$$;
--> statement-breakpoint
-- One table, some rows: what of it still names the person of an approved order. Returns how many rows were changed; 0 is the end. At
-- `most` 0 it changes nothing, and returns how many rows name the person because they wait.
CREATE OR REPLACE FUNCTION cc_erase(erasure_id text, of_table text, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  erasure erasures;
  holders bigint[];
  accounts_held bigint[];
  numbers text[];
  sets text;
  doubts text;
  differs text;
  waits text;
  changed integer;
  hashes jsonb;
BEGIN
  SELECT * INTO erasure FROM erasures e WHERE e.id = erasure_id AND e.state = 'approved';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no approved erasure %', erasure_id USING ERRCODE = '42501';
  END IF;
  SELECT array_agg(c.id) INTO holders FROM customers c WHERE c.id = erasure.customer_id OR c.merged_into = erasure.customer_id;
  IF of_table = 'customers' AND most > 0 THEN
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
  waits := coalesce((SELECT w.waits FROM cc_personal_waits() AS w WHERE w.tbl = of_table), 'false');
  IF most = 0 THEN
    EXECUTE format('SELECT count(*)::integer FROM %1$I t WHERE (%2$s) AND (%3$s) AND (%4$s)', of_table, waits, doubts, differs)
      INTO changed
      USING accounts_held, numbers, holders, erasure.looks_for ->> 'whole', erasure.looks_for ->> 'near', erasure.looks_for ->> 'phones',
        erasure.looks_for ->> 'loose';
    RETURN changed;
  END IF;
  PERFORM set_config('cc.erasing', 'on', true);
  EXECUTE format('WITH due AS (
      SELECT t.ctid AS place FROM %1$I t WHERE NOT (%7$s) AND (%2$s) AND (%3$s) LIMIT $8
    ), made AS (
      UPDATE %1$I t SET %4$s FROM due WHERE t.ctid = due.place RETURNING %5$s
    ) SELECT count(*)::integer, %6$s FROM made', of_table, doubts, differs, sets,
      CASE of_table WHEN 'mutations' THEN 't.seq, cc_audit_hash(t) AS hash' ELSE '1' END,
      CASE of_table WHEN 'mutations' THEN 'jsonb_object_agg(seq, hash)' ELSE 'NULL::jsonb' END, waits)
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
