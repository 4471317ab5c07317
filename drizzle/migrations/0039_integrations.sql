CREATE TABLE "api_keys" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "api_keys_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key_hash" text NOT NULL,
	"shown_as" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"programme_code" text,
	"issued_by" text NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"used_minute" timestamp with time zone,
	"used_in_minute" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "api_keys_hash" UNIQUE("key_hash"),
	CONSTRAINT "api_keys_hash_shape" CHECK ("api_keys"."key_hash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "api_keys_scopes" CHECK (cardinality("api_keys"."scopes") >= 1
        AND "api_keys"."scopes" <@ ARRAY['odyssey.read', 'payments.read', 'readings.read', 'tickets.read', 'webhooks.read']),
	CONSTRAINT "api_keys_programme_alone" CHECK (CASE WHEN "api_keys"."programme_code" IS NULL THEN NOT "api_keys"."scopes" && ARRAY['odyssey.read'] ELSE "api_keys"."scopes" = ARRAY['odyssey.read'] END),
	CONSTRAINT "api_keys_order" CHECK ("api_keys"."expires_at" > "api_keys"."issued_at" AND "api_keys"."revoked_at" >= "api_keys"."issued_at"),
	CONSTRAINT "api_keys_used" CHECK ("api_keys"."used_in_minute" >= 0)
);
--> statement-breakpoint
CREATE TABLE "programmes" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"funder" text NOT NULL,
	"site_codes" text[] NOT NULL,
	"active" boolean NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "programmes_code_shape" CHECK ("programmes"."code" ~ '^[A-Z0-9][A-Z0-9-]{1,39}$'),
	CONSTRAINT "programmes_named" CHECK ("programmes"."name" <> '' AND "programmes"."funder" <> ''),
	CONSTRAINT "programmes_sites" CHECK (cardinality("programmes"."site_codes") BETWEEN 1 AND 200)
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_programme_code_programmes_code_fk" FOREIGN KEY ("programme_code") REFERENCES "public"."programmes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_programme" ON "api_keys" USING btree ("programme_code") WHERE programme_code IS NOT NULL;
--> statement-breakpoint
-- By hand: what a key may and whose it is never changes; that it ended, and when it was used, is added.
GRANT SELECT, INSERT, UPDATE (name, funder, site_codes, active) ON programmes TO cc_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (revoked_at, last_used_at, used_minute, used_in_minute) ON api_keys TO cc_app;
