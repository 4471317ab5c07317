CREATE TABLE "customer_merges" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "customer_merges_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"one_id" bigint NOT NULL,
	"other_id" bigint NOT NULL,
	"state" text NOT NULL,
	"kept_id" bigint,
	"moved" jsonb,
	"reason" text NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	CONSTRAINT "customer_merges_pair" UNIQUE("one_id","other_id"),
	CONSTRAINT "customer_merges_order" CHECK ("customer_merges"."one_id" < "customer_merges"."other_id"),
	CONSTRAINT "customer_merges_state" CHECK ("customer_merges"."state" IN ('proposed', 'dismissed', 'accepted', 'undone')),
	CONSTRAINT "customer_merges_kept" CHECK ("customer_merges"."kept_id" IS NULL OR "customer_merges"."kept_id" IN ("customer_merges"."one_id", "customer_merges"."other_id")),
	CONSTRAINT "customer_merges_accepted" CHECK (("customer_merges"."state" = 'accepted') <= ("customer_merges"."kept_id" IS NOT NULL AND "customer_merges"."moved" IS NOT NULL))
);
--> statement-breakpoint
CREATE TABLE "registration_batches" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "registration_batches_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"batch_key" text NOT NULL,
	"content_hash" text NOT NULL,
	"file_name" text,
	"format" text NOT NULL,
	"sheet" text,
	"site_code" text,
	"columns" jsonb NOT NULL,
	"row_count" integer NOT NULL,
	"empty_rows" integer NOT NULL,
	"state" text NOT NULL,
	"mode" text,
	"takes_twins" boolean,
	"because" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"committed_by" text,
	"committed_at" timestamp with time zone,
	"undone_by" text,
	"undone_at" timestamp with time zone,
	"undo_reason" text,
	"touched_at" timestamp with time zone NOT NULL,
	CONSTRAINT "registration_batches_key" UNIQUE("batch_key"),
	CONSTRAINT "registration_batches_format" CHECK ("registration_batches"."format" IN ('xlsx', 'csv')),
	CONSTRAINT "registration_batches_state" CHECK ("registration_batches"."state" IN ('reading', 'checked', 'committing', 'committed', 'undoing', 'undone')),
	CONSTRAINT "registration_batches_mode" CHECK ("registration_batches"."mode" IN ('all', 'good')),
	CONSTRAINT "registration_batches_decided" CHECK (("registration_batches"."mode" IS NULL) = ("registration_batches"."takes_twins" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "registration_rows" (
	"batch_id" bigint NOT NULL,
	"row_number" integer NOT NULL,
	"site_code" text,
	"typed" jsonb NOT NULL,
	"fields" jsonb,
	"opened_at" timestamp with time zone,
	"faults" jsonb NOT NULL,
	"twins" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"because" text,
	"customer_id" bigint,
	"account_id" bigint,
	CONSTRAINT "registration_rows_key" PRIMARY KEY("batch_id","row_number"),
	CONSTRAINT "registration_rows_state_known" CHECK ("registration_rows"."state" IN ('waiting', 'registered', 'told', 'ended', 'undone', 'kept')),
	CONSTRAINT "registration_rows_whole" CHECK (("registration_rows"."fields" IS NULL) = (jsonb_array_length("registration_rows"."faults") > 0)),
	CONSTRAINT "registration_rows_made" CHECK (("registration_rows"."state" = 'waiting') = ("registration_rows"."customer_id" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "welcome_sms" (
	"customer_id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"phone_id" text,
	"content" text,
	"because" text,
	"created_at" timestamp with time zone NOT NULL,
	"state_at" timestamp with time zone NOT NULL,
	CONSTRAINT "welcome_sms_state" CHECK ("welcome_sms"."state" IN ('waiting', 'bound', 'handed', 'left')),
	CONSTRAINT "welcome_sms_bound" CHECK ("welcome_sms"."state" NOT IN ('bound', 'handed') OR "welcome_sms"."phone_id" IS NOT NULL)
);
--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "rooms" integer;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "withdrawn_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "merged_into" bigint;--> statement-breakpoint
ALTER TABLE "customer_merges" ADD CONSTRAINT "customer_merges_one_id_customers_id_fk" FOREIGN KEY ("one_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_merges" ADD CONSTRAINT "customer_merges_other_id_customers_id_fk" FOREIGN KEY ("other_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_merges" ADD CONSTRAINT "customer_merges_kept_id_customers_id_fk" FOREIGN KEY ("kept_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registration_batches" ADD CONSTRAINT "registration_batches_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registration_rows" ADD CONSTRAINT "registration_rows_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registration_rows" ADD CONSTRAINT "registration_rows_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registration_rows" ADD CONSTRAINT "registration_rows_batch" FOREIGN KEY ("batch_id") REFERENCES "public"."registration_batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "welcome_sms" ADD CONSTRAINT "welcome_sms_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "welcome_sms" ADD CONSTRAINT "welcome_sms_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "customer_merges_open" ON "customer_merges" USING btree ("proposed_at") WHERE state = 'proposed';--> statement-breakpoint
CREATE INDEX "customer_merges_other" ON "customer_merges" USING btree ("other_id");--> statement-breakpoint
CREATE UNIQUE INDEX "registration_batches_content" ON "registration_batches" USING btree ("content_hash") WHERE state <> 'undone';--> statement-breakpoint
CREATE INDEX "registration_rows_state" ON "registration_rows" USING btree ("batch_id","state","row_number");--> statement-breakpoint
CREATE INDEX "welcome_sms_open" ON "welcome_sms" USING btree ("created_at") WHERE state IN ('waiting', 'bound');--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_merged_into_customers_id_fk" FOREIGN KEY ("merged_into") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "customers_plot" ON "customers" USING btree (cc_compact("plot_number")) WHERE plot_number IS NOT NULL;--> statement-breakpoint
CREATE INDEX "customers_merged_into" ON "customers" USING btree ("merged_into") WHERE merged_into IS NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_rooms" CHECK ("customers"."rooms" BETWEEN 0 AND 200);--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_merged" CHECK ("customers"."merged_into" IS NULL OR "customers"."withdrawn_at" IS NOT NULL);--> statement-breakpoint
-- By hand: many numbers at once, and rights.
-- The first of so many numbers in a row of a site: for a file of customers, in one touch of the counter.
CREATE FUNCTION next_account_numbers(site text, how_many integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  given integer;
BEGIN
  IF how_many NOT BETWEEN 1 AND 5000 THEN
    RAISE EXCEPTION 'between 1 and 5000 numbers at once' USING ERRCODE = '22003', CONSTRAINT = 'account_numbers_at_once';
  END IF;
  INSERT INTO account_counters (site_code, last_number) VALUES (site, 0) ON CONFLICT (site_code) DO NOTHING;
  PERFORM 1 FROM account_counters WHERE site_code = site FOR UPDATE;
  UPDATE account_counters SET last_number = how_many + greatest(last_number,
      (SELECT max(left(account_number, 4)::integer) FROM accounts WHERE accounts.site_code = site))
    WHERE site_code = site RETURNING last_number INTO given;
  IF given > 9999 THEN
    RAISE EXCEPTION 'site % has not so many account numbers left', site
      USING ERRCODE = '22003', CONSTRAINT = 'account_numbers_used_up';
  END IF;
  RETURN given - how_many + 1;
END $$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION next_account_numbers(text, integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION next_account_numbers(text, integer) TO cc_app;
--> statement-breakpoint
GRANT UPDATE (rooms, withdrawn_at, merged_into) ON customers TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, mode, takes_twins, because, committed_by, committed_at, undone_by, undone_at, undo_reason,
  touched_at) ON registration_batches TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (twins, state, because, customer_id, account_id) ON registration_rows TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, phone_id, content, because, state_at) ON welcome_sms TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, kept_id, moved, reason, decided_by, decided_at) ON customer_merges TO cc_app;
--> statement-breakpoint
-- Whoever was withdrawn is found by the account alone.
CREATE OR REPLACE FUNCTION cc_customers_like(patterns text[], most integer)
  RETURNS TABLE (id bigint, sort_name text, search_text text)
  LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off AS $$
  SELECT c.id, c.sort_name, c.search_text FROM customers c
  WHERE c.search_text LIKE patterns[1] AND c.search_text LIKE coalesce(patterns[2], patterns[1])
    AND c.search_text LIKE ALL (patterns) AND c.withdrawn_at IS NULL
  LIMIT most
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION cc_similar_customers(words text[], most integer) RETURNS TABLE (id bigint, likeness real)
  LANGUAGE sql STABLE PARALLEL SAFE SET pg_trgm.word_similarity_threshold = 0.4 SET enable_seqscan = off AS $$
  SELECT c.id, l.mean::real AS likeness
  FROM customers c CROSS JOIN LATERAL (
    SELECT avg(word_similarity(word, c.search_text)) AS mean, min(word_similarity(word, c.search_text)) AS least
    FROM unnest(words) AS word OFFSET 0) AS l
  WHERE c.search_text %> words[1] AND c.search_text LIKE '% ' || left(words[1], 1) || '%' AND l.least >= 0.4
    AND c.withdrawn_at IS NULL
  ORDER BY 2 DESC, c.id LIMIT most
$$;
