CREATE TABLE "statement_lines" (
	"till_id" text NOT NULL,
	"provider" text NOT NULL,
	"receipt" text NOT NULL,
	"kind" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"day" date NOT NULL,
	"balance_minor" bigint,
	"payer_phone" text,
	"linked_receipt" text,
	"upload_id" bigint NOT NULL,
	"row_number" integer NOT NULL,
	CONSTRAINT "statement_lines_key" PRIMARY KEY("till_id","provider","receipt","kind"),
	CONSTRAINT "statement_lines_kind" CHECK ("statement_lines"."kind" IN ('payment', 'reversal', 'withdrawal', 'charge', 'treasury', 'unfinished')),
	CONSTRAINT "statement_lines_amount" CHECK ("statement_lines"."amount_minor" BETWEEN 1 AND 9007199254740991),
	CONSTRAINT "statement_lines_currency" CHECK ("statement_lines"."currency" IN ('LSL', 'XOF', 'ZMW')),
	CONSTRAINT "statement_lines_provider" CHECK ("statement_lines"."provider" IN ('mpesa', 'ecocash', 'momo'))
);
--> statement-breakpoint
CREATE TABLE "till_days" (
	"till_id" text NOT NULL,
	"provider" text NOT NULL,
	"day" date NOT NULL,
	"currency" text NOT NULL,
	"statement_minor" bigint NOT NULL,
	"payments_minor" bigint NOT NULL,
	"suspense_minor" bigint NOT NULL,
	"treasury_minor" bigint NOT NULL,
	"withdrawn_minor" bigint NOT NULL,
	"reversed_minor" bigint NOT NULL,
	"difference_minor" bigint NOT NULL,
	"lines" integer NOT NULL,
	"missing" integer NOT NULL,
	"unexplained" integer NOT NULL,
	"covered" boolean NOT NULL,
	"state" text NOT NULL,
	"computed_at" timestamp with time zone NOT NULL,
	"final_at" timestamp with time zone,
	CONSTRAINT "till_days_key" PRIMARY KEY("till_id","provider","day"),
	CONSTRAINT "till_days_state" CHECK ("till_days"."state" IN ('open', 'final')),
	CONSTRAINT "till_days_final" CHECK (("till_days"."state" = 'final') = ("till_days"."final_at" IS NOT NULL)),
	CONSTRAINT "till_days_final_agrees" CHECK ("till_days"."state" = 'open' OR ("till_days"."covered" AND "till_days"."difference_minor" = 0 AND "till_days"."unexplained" = 0)),
	CONSTRAINT "till_days_counts" CHECK ("till_days"."lines" >= 0 AND "till_days"."missing" >= 0 AND "till_days"."unexplained" >= 0)
);
--> statement-breakpoint
CREATE TABLE "upload_rows" (
	"upload_id" bigint NOT NULL,
	"row_number" integer NOT NULL,
	"line" jsonb,
	"fault" jsonb,
	"result" text,
	"because" text,
	"receipt" text,
	"account_number" text,
	CONSTRAINT "upload_rows_key" PRIMARY KEY("upload_id","row_number"),
	CONSTRAINT "upload_rows_whole" CHECK (("upload_rows"."line" IS NULL) = ("upload_rows"."fault" IS NOT NULL)),
	CONSTRAINT "upload_rows_refused" CHECK ("upload_rows"."fault" IS NULL OR "upload_rows"."result" = 'refused')
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "uploads_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sha256" text NOT NULL,
	"kind" text NOT NULL,
	"format" text NOT NULL,
	"file_name" text,
	"bytes" integer NOT NULL,
	"row_count" integer NOT NULL,
	"till_id" text,
	"provider" text,
	"site_code" text,
	"period_from" timestamp with time zone,
	"period_to" timestamp with time zone,
	"run_id" bigint NOT NULL,
	"uploaded_by" text NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	"touched_at" timestamp with time zone NOT NULL,
	CONSTRAINT "uploads_sha256" UNIQUE("sha256"),
	CONSTRAINT "uploads_run" UNIQUE("run_id"),
	CONSTRAINT "uploads_hash" CHECK ("uploads"."sha256" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "uploads_kind" CHECK ("uploads"."kind" IN ('statement', 'pay_file', 'portfolio_payments', 'monthly_payments', 'monthly_readings')),
	CONSTRAINT "uploads_counts" CHECK ("uploads"."bytes" > 0 AND "uploads"."row_count" >= 0),
	CONSTRAINT "uploads_period" CHECK (("uploads"."period_from" IS NULL) = ("uploads"."period_to" IS NULL) AND "uploads"."period_from" <= "uploads"."period_to"),
	CONSTRAINT "uploads_statement_whole" CHECK ("uploads"."kind" <> 'statement' OR ("uploads"."till_id" IS NOT NULL AND "uploads"."provider" IS NOT NULL AND "uploads"."period_from" IS NOT NULL))
);
--> statement-breakpoint
ALTER TABLE "statement_lines" ADD CONSTRAINT "statement_lines_till_id_tills_id_fk" FOREIGN KEY ("till_id") REFERENCES "public"."tills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_lines" ADD CONSTRAINT "statement_lines_row" FOREIGN KEY ("upload_id","row_number") REFERENCES "public"."upload_rows"("upload_id","row_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "till_days" ADD CONSTRAINT "till_days_till_id_tills_id_fk" FOREIGN KEY ("till_id") REFERENCES "public"."tills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upload_rows" ADD CONSTRAINT "upload_rows_upload" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_till_id_tills_id_fk" FOREIGN KEY ("till_id") REFERENCES "public"."tills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_import_run" FOREIGN KEY ("run_id") REFERENCES "public"."import_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "statement_lines_day" ON "statement_lines" USING btree ("till_id","provider","day");--> statement-breakpoint
CREATE INDEX "statement_lines_linked" ON "statement_lines" USING btree ("linked_receipt") WHERE linked_receipt IS NOT NULL;--> statement-breakpoint
CREATE INDEX "till_days_open" ON "till_days" USING btree ("day") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "upload_rows_waiting" ON "upload_rows" USING btree ("upload_id","row_number") WHERE result IS NULL;--> statement-breakpoint
CREATE INDEX "upload_rows_receipt" ON "upload_rows" USING btree ("receipt") WHERE receipt IS NOT NULL;--> statement-breakpoint
CREATE INDEX "uploads_till" ON "uploads" USING btree ("till_id","provider","period_from");--> statement-breakpoint
-- By hand from here: what is appended only, and rights.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON statement_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON statement_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (touched_at) ON uploads TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (result, because, account_number) ON upload_rows TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT ON statement_lines TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (currency, statement_minor, payments_minor, suspense_minor, treasury_minor, withdrawn_minor, reversed_minor,
  difference_minor, lines, missing, unexplained, covered, state, computed_at, final_at) ON till_days TO cc_app;
