CREATE TABLE "claim_codes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "claim_codes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" bigint NOT NULL,
	"code_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "claim_codes_order" CHECK ("claim_codes"."expires_at" > "claim_codes"."created_at"),
	CONSTRAINT "claim_codes_tries" CHECK ("claim_codes"."tries" >= 0)
);
--> statement-breakpoint
CREATE TABLE "customer_logins" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"customer_id" bigint NOT NULL,
	"password_hash" text NOT NULL,
	"claimed_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "customer_logins_order" CHECK ("customer_logins"."changed_at" >= "customer_logins"."claimed_at")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sessions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"token_hash" text NOT NULL,
	"staff_id" bigint,
	"account_id" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"idle_seconds" integer NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"second_factor_at" timestamp with time zone,
	"user_agent" text,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "sessions_token" UNIQUE("token_hash"),
	CONSTRAINT "sessions_whose" CHECK (num_nonnulls("sessions"."staff_id", "sessions"."account_id") = 1),
	CONSTRAINT "sessions_idle" CHECK ("sessions"."idle_seconds" > 0)
);
--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sign_in_attempts_failures" CHECK ("sign_in_attempts"."failures" >= 0)
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "staff_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"email" text NOT NULL,
	"name" text NOT NULL,
	"roles" text[] NOT NULL,
	"site_code" text,
	"active" boolean DEFAULT true NOT NULL,
	"password_hash" text,
	"totp_secret" text,
	"totp_pending" text,
	"totp_step" bigint,
	"recovery_hashes" text[] DEFAULT '{}' NOT NULL,
	"invitation_hash" text,
	"invitation_expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "staff_email" UNIQUE("email"),
	CONSTRAINT "staff_invitation" UNIQUE("invitation_hash"),
	CONSTRAINT "staff_email_spelling" CHECK ("staff"."email" = lower(btrim("staff"."email")) AND "staff"."email" LIKE '%_@_%'),
	CONSTRAINT "staff_roles" CHECK ("staff"."roles" <@ ARRAY['superadmin', 'onm_team', 'finance_team', 'engineering', 'field_registrar', 'generic']),
	CONSTRAINT "staff_invitation_whole" CHECK (("staff"."invitation_hash" IS NULL) = ("staff"."invitation_expires_at" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "staff_countries" (
	"staff_id" bigint NOT NULL,
	"country" text NOT NULL,
	CONSTRAINT "staff_countries_staff_id_country_pk" PRIMARY KEY("staff_id","country"),
	CONSTRAINT "staff_countries_country" CHECK ("staff_countries"."country" IN ('LS', 'BJ', 'ZM'))
);
--> statement-breakpoint
ALTER TABLE "claim_codes" ADD CONSTRAINT "claim_codes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_logins" ADD CONSTRAINT "customer_logins_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_logins" ADD CONSTRAINT "customer_logins_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_countries" ADD CONSTRAINT "staff_countries_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "claim_codes_account" ON "claim_codes" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "claim_codes_created" ON "claim_codes" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "sessions_staff" ON "sessions" USING btree ("staff_id");--> statement-breakpoint
CREATE INDEX "sessions_account" ON "sessions" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sign_in_attempts_last" ON "sign_in_attempts" USING btree ("last_at");--> statement-breakpoint
-- By hand: one try at signing in, counted as a failure before any password is looked at, so that tries at the same time
-- are counted too. `wanted` is [{key, free, capMs, forgetMs}]; the answer is 0, or how many milliseconds to wait, and then
-- nothing is counted. After `free` failures the wait is 1 s, doubled each time, at most `capMs`.
CREATE FUNCTION cc_take_attempt(wanted jsonb, at timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  wait bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7301002, hashtext(w.key))
    FROM (SELECT key FROM jsonb_to_recordset(wanted) AS r(key text) ORDER BY hashtext(key)) AS w;
  SELECT max(cc_ms(a.next_at) - cc_ms(at)) INTO wait
    FROM jsonb_to_recordset(wanted) AS w(key text, "capMs" double precision) JOIN sign_in_attempts a ON a.key = w.key
    -- No wait is longer than the longest: after a clock was set back, an instant far ahead is no wait.
    WHERE a.next_at > at AND a.next_at <= at + w."capMs" * interval '1 millisecond';
  IF wait > 0 THEN RETURN wait; END IF;
  INSERT INTO sign_in_attempts AS a (key, failures, last_at, next_at)
    SELECT w.key, n.failures, at, at + CASE WHEN n.failures <= w.free THEN interval '0'
      ELSE least(w."capMs", 1000 * 2 ^ least(n.failures - w.free - 1, 30)) * interval '1 millisecond' END
    FROM jsonb_to_recordset(wanted) AS w(key text, free integer, "capMs" double precision, "forgetMs" double precision)
    LEFT JOIN sign_in_attempts b ON b.key = w.key AND b.last_at > at - w."forgetMs" * interval '1 millisecond'
    CROSS JOIN LATERAL (SELECT coalesce(b.failures, 0) + 1 AS failures) AS n
    ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, next_at = excluded.next_at;
  DELETE FROM sign_in_attempts WHERE key IN
    (SELECT key FROM sign_in_attempts WHERE last_at < at - interval '1 day' ORDER BY last_at LIMIT 20);
  RETURN 0;
END $$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION cc_take_attempt(jsonb, timestamptz) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION cc_take_attempt(jsonb, timestamptz) TO cc_app;
--> statement-breakpoint
GRANT SELECT ON staff, staff_countries, sessions, customer_logins, claim_codes, sign_in_attempts TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (name, roles, site_code, active, password_hash, totp_secret, totp_pending, totp_step,
  recovery_hashes, invitation_hash, invitation_expires_at) ON staff TO cc_app;
--> statement-breakpoint
GRANT INSERT, DELETE ON staff_countries TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (token_hash, last_seen_at, idle_seconds, expires_at, second_factor_at, revoked_at), DELETE
  ON sessions TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (customer_id, password_hash, claimed_at, changed_at) ON customer_logins TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (tries, used_at), DELETE ON claim_codes TO cc_app;
--> statement-breakpoint
GRANT INSERT, UPDATE (failures, last_at, next_at), DELETE ON sign_in_attempts TO cc_app;
