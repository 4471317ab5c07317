CREATE TABLE "account_aliases" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "account_aliases_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"alias" text NOT NULL,
	"account_id" bigint NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	CONSTRAINT "account_aliases_order" CHECK ("account_aliases"."valid_to" > "account_aliases"."valid_from")
);
--> statement-breakpoint
CREATE TABLE "account_balances" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"balance_wh" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"as_of" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account_counters" (
	"site_code" text PRIMARY KEY NOT NULL,
	"last_number" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "accounts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_number" text NOT NULL,
	"site_code" text NOT NULL,
	"customer_id" bigint NOT NULL,
	"status" text NOT NULL,
	"facts_version" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_account_number" UNIQUE("account_number"),
	CONSTRAINT "accounts_number_shape" CHECK ("accounts"."account_number" ~ '^[0-9]{4}[A-Z]{3}$'),
	CONSTRAINT "accounts_number_of_site" CHECK (right("accounts"."account_number", 3) = "accounts"."site_code"),
	CONSTRAINT "accounts_status" CHECK ("accounts"."status" IN ('live', 'postpaid', 'terminated'))
);
--> statement-breakpoint
CREATE TABLE "country_settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"facts_version" bigint NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "customers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"customer_key" text NOT NULL,
	"name" text NOT NULL,
	"phones" text[] DEFAULT '{}' NOT NULL,
	"language" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "customers_customer_key" UNIQUE("customer_key"),
	CONSTRAINT "customers_language" CHECK ("customers"."language" IN ('en', 'fr', 'st'))
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dead_letters_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"queue" text NOT NULL,
	"message_id" text NOT NULL,
	"body" jsonb NOT NULL,
	"died_at" timestamp with time zone NOT NULL,
	"handled_at" timestamp with time zone,
	"handled_by" text,
	CONSTRAINT "dead_letters_key" UNIQUE("queue","message_id")
);
--> statement-breakpoint
CREATE TABLE "gateway_phones" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"till_id" text NOT NULL,
	"channel" text NOT NULL,
	"token_hashes" text[] NOT NULL,
	"smssync_secret_hash" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rotated_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"facts_version" bigint NOT NULL,
	CONSTRAINT "gateway_phones_channel" CHECK ("gateway_phones"."channel" IN ('electricity', 'fees')),
	CONSTRAINT "gateway_phones_tokens" CHECK (cardinality("gateway_phones"."token_hashes") BETWEEN 1 AND 2)
);
--> statement-breakpoint
CREATE TABLE "job_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "job_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job" text NOT NULL,
	"unit" text NOT NULL,
	"state" text NOT NULL,
	"lease_owner" text,
	"lease_until" timestamp with time zone,
	"fence" bigint DEFAULT 0 NOT NULL,
	"watermark" jsonb,
	"counts" jsonb,
	"error" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "job_runs_key" UNIQUE("job","unit"),
	CONSTRAINT "job_runs_state" CHECK ("job_runs"."state" IN ('running', 'done', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"entry_key" text NOT NULL,
	"posting_id" text NOT NULL,
	"book" text NOT NULL,
	"kind" text NOT NULL,
	"energy_wh" bigint NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"provider" text,
	"account_id" bigint,
	"seq" bigint,
	"balance_after_wh" bigint,
	"tariff_id" bigint,
	"rate_e4_per_kwh" numeric(18, 0),
	"receipt" text,
	"actor" text,
	"reason" text,
	"hash" text,
	"occurred_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_entries_entry_key" UNIQUE("entry_key"),
	CONSTRAINT "ledger_entries_account_seq" UNIQUE("account_id","seq"),
	CONSTRAINT "ledger_entries_book_known" CHECK ("ledger_entries"."book" IN ('customer_energy', 'customer_fees', 'clearing', 'suspense', 'treasury', 'revenue',
        'energy_sold', 'energy_used', 'corrections', 'opening')),
	CONSTRAINT "ledger_entries_kind" CHECK ("ledger_entries"."kind" IN ('payment', 'consumption', 'fee', 'advance', 'correction', 'opening', 'reversal')),
	CONSTRAINT "ledger_entries_currency" CHECK ("ledger_entries"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "ledger_entries_provider" CHECK ("ledger_entries"."provider" IN ('mpesa', 'ecocash', 'momo', 'cash')),
	CONSTRAINT "ledger_entries_exact" CHECK (greatest(abs("ledger_entries"."energy_wh"), abs("ledger_entries"."amount_minor"), abs("ledger_entries"."balance_after_wh")) <= 9007199254740991),
	CONSTRAINT "ledger_entries_rate" CHECK ("ledger_entries"."rate_e4_per_kwh" > 0),
	CONSTRAINT "ledger_entries_customer_side" CHECK (CASE WHEN "ledger_entries"."book" IN ('customer_energy', 'customer_fees')
        THEN "ledger_entries"."account_id" IS NOT NULL AND "ledger_entries"."seq" IS NOT NULL AND "ledger_entries"."seq" >= 1 AND "ledger_entries"."balance_after_wh" IS NOT NULL AND "ledger_entries"."hash" IS NOT NULL
        ELSE "ledger_entries"."account_id" IS NULL AND "ledger_entries"."seq" IS NULL AND "ledger_entries"."balance_after_wh" IS NULL AND "ledger_entries"."hash" IS NULL END)
);
--> statement-breakpoint
CREATE TABLE "meter_placements" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meter_placements_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"meter_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"role" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	"base_register_wh" bigint,
	"facts_version" bigint NOT NULL,
	CONSTRAINT "meter_placements_start" UNIQUE("meter_id","account_id","valid_from"),
	CONSTRAINT "meter_placements_role" CHECK ("meter_placements"."role" IN ('primary', 'check', 'backup')),
	CONSTRAINT "meter_placements_order" CHECK ("meter_placements"."valid_to" > "meter_placements"."valid_from"),
	CONSTRAINT "meter_placements_base" CHECK ("meter_placements"."base_register_wh" BETWEEN 0 AND 9007199254740991)
);
--> statement-breakpoint
CREATE TABLE "meters" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meters_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"meter_number" text NOT NULL,
	"thing" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "meters_meter_number" UNIQUE("meter_number"),
	CONSTRAINT "meters_no_leading_zeros" CHECK ("meters"."meter_number" ~ '^[^0[:space:]][^[:space:]]*$')
);
--> statement-breakpoint
CREATE TABLE "mutations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mutations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"reason" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"reverts" bigint
);
--> statement-breakpoint
CREATE TABLE "payment_allocations" (
	"receipt" text NOT NULL,
	"generation" integer NOT NULL,
	"share" integer NOT NULL,
	"holder_kind" text NOT NULL,
	"account_id" bigint,
	"amount_minor" bigint NOT NULL,
	"because" text,
	"entry_key" text NOT NULL,
	"actor" text,
	"reason" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "payment_allocations_key" PRIMARY KEY("receipt","generation","share"),
	CONSTRAINT "payment_allocations_numbers" CHECK ("payment_allocations"."generation" >= 1 AND "payment_allocations"."share" >= 1),
	CONSTRAINT "payment_allocations_amount" CHECK ("payment_allocations"."amount_minor" BETWEEN 1 AND 9007199254740991),
	CONSTRAINT "payment_allocations_holder_kind" CHECK ("payment_allocations"."holder_kind" IN ('account', 'suspense', 'treasury', 'legacy')),
	CONSTRAINT "payment_allocations_holder_account" CHECK (("payment_allocations"."holder_kind" = 'account') = ("payment_allocations"."account_id" IS NOT NULL))
);
--> statement-breakpoint
CREATE TABLE "payment_sightings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payment_sightings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sighting_key" text NOT NULL,
	"receipt" text NOT NULL,
	"road" text NOT NULL,
	"provider" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"account_number" text,
	"verdict" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "payment_sightings_key" UNIQUE("sighting_key"),
	CONSTRAINT "payment_sightings_amount" CHECK ("payment_sightings"."amount_minor" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "payment_sightings_road" CHECK ("payment_sightings"."road" IN ('sms', 'webhook', 'manual', 'statement', 'mirror')),
	CONSTRAINT "payment_sightings_verdict" CHECK ("payment_sightings"."verdict" IN ('first', 'same', 'conflict', 'held', 'moved'))
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"receipt" text PRIMARY KEY NOT NULL,
	"shard" integer,
	"provider" text,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"account_id" bigint,
	"holder_kind" text NOT NULL,
	"paid_at" timestamp with time zone NOT NULL,
	"payer_phone" text,
	"till_id" text,
	"road" text,
	"generation" integer NOT NULL,
	"version" bigint NOT NULL,
	"blocked" boolean NOT NULL,
	"claimed_at" timestamp with time zone,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_receipt_canonical" CHECK ("payments"."receipt" ~ '^[^a-z[:space:]]+$' AND length("payments"."receipt") <= 300),
	CONSTRAINT "payments_amount_positive" CHECK ("payments"."amount_minor" BETWEEN 1 AND 9007199254740991),
	CONSTRAINT "payments_currency" CHECK ("payments"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "payments_provider" CHECK ("payments"."provider" IN ('mpesa', 'ecocash', 'momo', 'cash')),
	CONSTRAINT "payments_road" CHECK ("payments"."road" IN ('sms', 'webhook', 'manual', 'statement', 'mirror')),
	CONSTRAINT "payments_holder_kind" CHECK ("payments"."holder_kind" IN ('account', 'suspense', 'treasury', 'legacy', 'split')),
	CONSTRAINT "payments_holder_account" CHECK (("payments"."holder_kind" = 'account') = ("payments"."account_id" IS NOT NULL)),
	CONSTRAINT "payments_claimed_is_whole" CHECK ("payments"."generation" >= 0 AND "payments"."version" >= 0 AND ("payments"."generation" = 0
        OR ("payments"."shard" IS NOT NULL AND "payments"."provider" IS NOT NULL AND "payments"."road" IS NOT NULL AND "payments"."claimed_at" IS NOT NULL)))
);
--> statement-breakpoint
CREATE TABLE "reconciliation_cases" (
	"case_key" text PRIMARY KEY NOT NULL,
	"case_kind" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb NOT NULL,
	"state" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	"version" bigint NOT NULL,
	CONSTRAINT "reconciliation_cases_state" CHECK ("reconciliation_cases"."state" IN ('open', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "relay_commands" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"meter_id" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"action" text NOT NULL,
	"state" text NOT NULL,
	"because" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"published_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"error" text,
	"version" bigint NOT NULL,
	CONSTRAINT "relay_commands_action" CHECK ("relay_commands"."action" IN ('connect', 'disconnect')),
	CONSTRAINT "relay_commands_state" CHECK ("relay_commands"."state" IN ('queued', 'published', 'acked', 'completed', 'rejected', 'failed', 'timed_out', 'superseded'))
);
--> statement-breakpoint
CREATE TABLE "sites" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"facts_version" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sites_code_shape" CHECK ("sites"."code" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "sms_inbound" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sms_inbound_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"phone_id" text NOT NULL,
	"till_id" text NOT NULL,
	"channel" text NOT NULL,
	"protocol" text NOT NULL,
	"external_id" text,
	"content_hash" text NOT NULL,
	"sender" text NOT NULL,
	"content" text NOT NULL,
	"content_raw" "bytea" NOT NULL,
	"claimed_sent_at" timestamp with time zone,
	"claimed_received_at" timestamp with time zone,
	"received_at" timestamp with time zone NOT NULL,
	"id_conflict" boolean NOT NULL,
	"quarantine" text,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sms_inbound_channel" CHECK ("sms_inbound"."channel" IN ('electricity', 'fees')),
	CONSTRAINT "sms_inbound_protocol" CHECK ("sms_inbound"."protocol" IN ('medic', 'smssync'))
);
--> statement-breakpoint
CREATE TABLE "sms_outbound" (
	"id" text NOT NULL,
	"phone_id" text NOT NULL,
	"origin" text NOT NULL,
	"to_phone" text NOT NULL,
	"content" text NOT NULL,
	"template" text,
	"account_id" bigint,
	"receipt" text,
	"state" text NOT NULL,
	"reason" text,
	"created_at" timestamp with time zone NOT NULL,
	"offered_at" timestamp with time zone,
	"state_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "sms_outbound_key" PRIMARY KEY("id","phone_id"),
	CONSTRAINT "sms_outbound_origin" CHECK ("sms_outbound"."origin" IN ('ours', 'legacy')),
	CONSTRAINT "sms_outbound_state_known" CHECK ("sms_outbound"."state" IN ('queued', 'offered', 'unsent', 'pending', 'sent', 'delivered', 'failed', 'expired', 'moved'))
);
--> statement-breakpoint
CREATE TABLE "sms_results" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sms_results_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"external_id" text,
	"content_hash" text NOT NULL,
	"phone_id" text NOT NULL,
	"parser_version" integer NOT NULL,
	"outcome" text NOT NULL,
	"because" text,
	"receipt" text,
	"account_id" bigint,
	"parsed" jsonb NOT NULL,
	"processed_at" timestamp with time zone NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "sms_results_key" UNIQUE NULLS NOT DISTINCT("content_hash","phone_id","external_id","parser_version")
);
--> statement-breakpoint
CREATE TABLE "sms_sightings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sms_sightings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"external_id" text NOT NULL,
	"content_hash" text NOT NULL,
	"phone_id" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sms_sightings_key" UNIQUE("external_id","content_hash","phone_id")
);
--> statement-breakpoint
CREATE TABLE "sms_templates" (
	"kind" text NOT NULL,
	"language" text NOT NULL,
	"facts_version" bigint NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sms_templates_key" PRIMARY KEY("kind","language","facts_version"),
	CONSTRAINT "sms_templates_language" CHECK ("sms_templates"."language" IN ('en', 'fr', 'st'))
);
--> statement-breakpoint
CREATE TABLE "suspense_cases" (
	"case_key" text PRIMARY KEY NOT NULL,
	"receipt" text,
	"generation" integer,
	"share" integer,
	"till_id" text,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"because" text NOT NULL,
	"hint_accounts" text[] NOT NULL,
	"hint_note" text NOT NULL,
	"payer_phone" text,
	"text" text,
	"state" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	"version" bigint NOT NULL,
	CONSTRAINT "suspense_cases_amount" CHECK ("suspense_cases"."amount_minor" BETWEEN 0 AND 9007199254740991),
	CONSTRAINT "suspense_cases_currency" CHECK ("suspense_cases"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "suspense_cases_state" CHECK ("suspense_cases"."state" IN ('open', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "tariffs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tariffs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"scope" text NOT NULL,
	"site_code" text,
	"account_id" bigint,
	"rate" numeric(14, 4),
	"valid_from" timestamp with time zone NOT NULL,
	"facts_version" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tariffs_start" UNIQUE NULLS NOT DISTINCT("scope","site_code","account_id","valid_from"),
	CONSTRAINT "tariffs_scope" CHECK (CASE "tariffs"."scope" WHEN 'global' THEN "tariffs"."site_code" IS NULL AND "tariffs"."account_id" IS NULL
        WHEN 'site' THEN "tariffs"."site_code" IS NOT NULL AND "tariffs"."account_id" IS NULL
        WHEN 'account' THEN "tariffs"."site_code" IS NULL AND "tariffs"."account_id" IS NOT NULL ELSE false END),
	CONSTRAINT "tariffs_rate_positive" CHECK ("tariffs"."rate" > 0)
);
--> statement-breakpoint
CREATE TABLE "tills" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"providers" text[] NOT NULL,
	"senders" text[] NOT NULL,
	"currency" text NOT NULL,
	"payment_minor_max" bigint NOT NULL,
	"account_day_minor_max" bigint NOT NULL,
	"till_day_minor_max" bigint NOT NULL,
	"chain_break_minor_max" bigint NOT NULL,
	"facts_version" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tills_id_shape" CHECK ("tills"."id" ~ '^[a-z0-9-]{1,40}$'),
	CONSTRAINT "tills_currency" CHECK ("tills"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "tills_caps" CHECK (least("tills"."payment_minor_max", "tills"."account_day_minor_max", "tills"."till_day_minor_max", "tills"."chain_break_minor_max") >= 0)
);
--> statement-breakpoint
ALTER TABLE "account_aliases" ADD CONSTRAINT "account_aliases_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_balances" ADD CONSTRAINT "account_balances_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_counters" ADD CONSTRAINT "account_counters_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_phones" ADD CONSTRAINT "gateway_phones_till_id_tills_id_fk" FOREIGN KEY ("till_id") REFERENCES "public"."tills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_tariff_id_tariffs_id_fk" FOREIGN KEY ("tariff_id") REFERENCES "public"."tariffs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_receipt_payments_receipt_fk" FOREIGN KEY ("receipt") REFERENCES "public"."payments"("receipt") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_placements" ADD CONSTRAINT "meter_placements_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_placements" ADD CONSTRAINT "meter_placements_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mutations" ADD CONSTRAINT "mutations_reverts_mutations_id_fk" FOREIGN KEY ("reverts") REFERENCES "public"."mutations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_allocations" ADD CONSTRAINT "payment_allocations_receipt_payments_receipt_fk" FOREIGN KEY ("receipt") REFERENCES "public"."payments"("receipt") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_allocations" ADD CONSTRAINT "payment_allocations_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_till_id_tills_id_fk" FOREIGN KEY ("till_id") REFERENCES "public"."tills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relay_commands" ADD CONSTRAINT "relay_commands_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relay_commands" ADD CONSTRAINT "relay_commands_meter_id_meters_id_fk" FOREIGN KEY ("meter_id") REFERENCES "public"."meters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sms_inbound" ADD CONSTRAINT "sms_inbound_phone_id_gateway_phones_id_fk" FOREIGN KEY ("phone_id") REFERENCES "public"."gateway_phones"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sms_inbound" ADD CONSTRAINT "sms_inbound_till_id_tills_id_fk" FOREIGN KEY ("till_id") REFERENCES "public"."tills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sms_outbound" ADD CONSTRAINT "sms_outbound_phone_id_gateway_phones_id_fk" FOREIGN KEY ("phone_id") REFERENCES "public"."gateway_phones"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sms_outbound" ADD CONSTRAINT "sms_outbound_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sms_results" ADD CONSTRAINT "sms_results_phone_id_gateway_phones_id_fk" FOREIGN KEY ("phone_id") REFERENCES "public"."gateway_phones"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sms_results" ADD CONSTRAINT "sms_results_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sms_sightings" ADD CONSTRAINT "sms_sightings_phone_id_gateway_phones_id_fk" FOREIGN KEY ("phone_id") REFERENCES "public"."gateway_phones"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suspense_cases" ADD CONSTRAINT "suspense_cases_till_id_tills_id_fk" FOREIGN KEY ("till_id") REFERENCES "public"."tills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tariffs" ADD CONSTRAINT "tariffs_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tariffs" ADD CONSTRAINT "tariffs_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_aliases_account" ON "account_aliases" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "accounts_customer" ON "accounts" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "accounts_site" ON "accounts" USING btree ("site_code","account_number");--> statement-breakpoint
CREATE INDEX "dead_letters_died" ON "dead_letters" USING btree ("died_at");--> statement-breakpoint
CREATE INDEX "gateway_phones_till" ON "gateway_phones" USING btree ("till_id");--> statement-breakpoint
CREATE INDEX "job_runs_started" ON "job_runs" USING btree ("job","started_at");--> statement-breakpoint
CREATE INDEX "ledger_entries_posting" ON "ledger_entries" USING btree ("posting_id");--> statement-breakpoint
CREATE INDEX "ledger_entries_receipt" ON "ledger_entries" USING btree ("receipt") WHERE receipt IS NOT NULL;--> statement-breakpoint
CREATE INDEX "ledger_entries_book" ON "ledger_entries" USING btree ("book","occurred_at");--> statement-breakpoint
CREATE INDEX "meter_placements_account" ON "meter_placements" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "mutations_subject" ON "mutations" USING btree ("subject","id");--> statement-breakpoint
CREATE INDEX "mutations_actor" ON "mutations" USING btree ("actor","id");--> statement-breakpoint
CREATE INDEX "payment_allocations_account" ON "payment_allocations" USING btree ("account_id","entry_key");--> statement-breakpoint
CREATE INDEX "payment_sightings_receipt" ON "payment_sightings" USING btree ("receipt");--> statement-breakpoint
CREATE INDEX "payments_shard" ON "payments" USING btree ("shard","receipt");--> statement-breakpoint
CREATE INDEX "payments_shard_day" ON "payments" USING btree ("shard","claimed_at");--> statement-breakpoint
CREATE INDEX "payments_account" ON "payments" USING btree ("account_id","paid_at");--> statement-breakpoint
CREATE INDEX "payments_paid_at" ON "payments" USING btree ("paid_at");--> statement-breakpoint
CREATE INDEX "reconciliation_cases_open" ON "reconciliation_cases" USING btree ("opened_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "reconciliation_cases_subject" ON "reconciliation_cases" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "relay_commands_account" ON "relay_commands" USING btree ("account_id","requested_at");--> statement-breakpoint
CREATE INDEX "relay_commands_meter" ON "relay_commands" USING btree ("meter_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "sms_inbound_id_and_text" ON "sms_inbound" USING btree ("external_id","content_hash") WHERE external_id IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "sms_inbound_text_on_phone" ON "sms_inbound" USING btree ("content_hash","phone_id") WHERE external_id IS NULL;--> statement-breakpoint
CREATE INDEX "sms_inbound_phone" ON "sms_inbound" USING btree ("phone_id","received_at");--> statement-breakpoint
CREATE INDEX "sms_inbound_received" ON "sms_inbound" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "sms_outbound_account" ON "sms_outbound" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "sms_outbound_state" ON "sms_outbound" USING btree ("state","state_at");--> statement-breakpoint
CREATE INDEX "sms_results_receipt" ON "sms_results" USING btree ("receipt");--> statement-breakpoint
CREATE INDEX "sms_results_outcome" ON "sms_results" USING btree ("outcome","processed_at");--> statement-breakpoint
CREATE INDEX "sms_sightings_phone" ON "sms_sightings" USING btree ("phone_id","seen_at");--> statement-breakpoint
CREATE INDEX "suspense_cases_receipt" ON "suspense_cases" USING btree ("receipt");--> statement-breakpoint
CREATE INDEX "suspense_cases_open" ON "suspense_cases" USING btree ("opened_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "tariffs_account" ON "tariffs" USING btree ("account_id");