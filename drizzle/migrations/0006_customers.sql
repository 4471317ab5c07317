-- By hand up to the tables: what generated columns and indexes need. Trigram search; pg_trgm is trusted, an owner may make it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
-- Words in small letters without accents and apostrophes, one space between. The same as plainText() of
-- src/domain/person-name.ts; a test compares the two.
CREATE FUNCTION cc_plain(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN btrim(regexp_replace(regexp_replace(replace(replace(
    translate(lower(normalize(translate(typed, '''’‘ʼ`´', ''), NFKD)), 'ƐɛƆɔƉɖƲʋŊŋØøŁłĐđı', 'eeooddvvnnoollddi'),
    'œ', 'oe'), 'æ', 'ae'), '[\u0300-\u036f]', '', 'g'), '[^a-z0-9]+', ' ', 'g'));
--> statement-breakpoint
-- Letters and digits alone, in capitals: "MAK 0123 HH1" and "mak-0123hh1" are one plot.
CREATE FUNCTION cc_compact(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN upper(regexp_replace(normalize(typed, NFKC), '[^A-Za-z0-9]', '', 'g'));
--> statement-breakpoint
-- Each word after a space and before one, so that the start of a word and a whole word are patterns.
CREATE FUNCTION cc_search_text(name text, given_name text, family_name text, plot_number text, national_id text)
  RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ' ' || cc_plain(name || ' ' || coalesce(given_name, '') || ' ' || coalesce(family_name, '') || ' '
    || coalesce(plot_number, '')) || ' ' || lower(cc_compact(coalesce(plot_number, ''))) || ' '
    || lower(cc_compact(coalesce(national_id, ''))) || ' ';
--> statement-breakpoint
-- The last 4 digits of each phone: what people say of a number.
CREATE FUNCTION cc_last4(phones text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(right(phone, 4)), '{}') FROM unnest(phones) AS phone);
--> statement-breakpoint
CREATE TABLE "customer_types" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"reported_as" text NOT NULL,
	"is_open" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "opened_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "terminated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "opening_key" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "given_name" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "family_name" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "phones_typed" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "national_id" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "gender" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "customer_type" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "site_code" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "plot_number" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "latitude" numeric(9, 6);--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "longitude" numeric(9, 6);--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "street" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "place" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "district" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "legacy_id" integer;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "source" text DEFAULT 'registry' NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "facts_version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "search_text" text GENERATED ALWAYS AS (cc_search_text(name, given_name, family_name, plot_number, national_id)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "sort_name" text GENERATED ALWAYS AS ("left"(cc_plain(name), 60)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "meter_placements" ADD COLUMN "final_register_wh" bigint;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_customer_type_customer_types_code_fk" FOREIGN KEY ("customer_type") REFERENCES "public"."customer_types"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_site_code_sites_code_fk" FOREIGN KEY ("site_code") REFERENCES "public"."sites"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_digits" ON "accounts" USING btree ("left"("account_number", 4));--> statement-breakpoint
CREATE INDEX "customers_search" ON "customers" USING gin ("search_text" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "customers_by_name" ON "customers" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "customers_site" ON "customers" USING btree ("site_code");--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_opening_key" UNIQUE("opening_key");--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_legacy_id" UNIQUE("legacy_id");--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_ended" CHECK ("accounts"."terminated_at" IS NULL OR "accounts"."status" = 'terminated');--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_order" CHECK ("accounts"."terminated_at" >= "accounts"."opened_at");--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_gender" CHECK ("customers"."gender" IN ('female', 'male'));--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_typed" CHECK (cardinality("customers"."phones_typed") IN (0, cardinality("customers"."phones")));--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_latitude" CHECK ("customers"."latitude" BETWEEN -90 AND 90);--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_longitude" CHECK ("customers"."longitude" BETWEEN -180 AND 180);--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_place_whole" CHECK (("customers"."latitude" IS NULL) = ("customers"."longitude" IS NULL));--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_legacy_positive" CHECK ("customers"."legacy_id" > 0);--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_source" CHECK ("customers"."source" IN ('registry', 'portal', 'file', 'access', 'postgres'));--> statement-breakpoint
ALTER TABLE "meter_placements" ADD CONSTRAINT "meter_placements_final" CHECK ("meter_placements"."final_register_wh" BETWEEN 0 AND 9007199254740991);--> statement-breakpoint
ALTER TABLE "meter_placements" ADD CONSTRAINT "meter_placements_final_ended" CHECK ("meter_placements"."final_register_wh" IS NULL OR "meter_placements"."valid_to" IS NOT NULL);--> statement-breakpoint
-- By hand again: expressions, the types, rights.
CREATE INDEX customers_last4 ON customers USING gin (cc_last4(phones));
--> statement-breakpoint
-- Likely twins: the same national id, however it is spaced.
CREATE INDEX customers_national_id ON customers (cc_compact(national_id)) WHERE national_id IS NOT NULL;
--> statement-breakpoint
-- Customers whose search text has all these patterns, in no order, at most so many. Always through the trigram index, which
-- takes the first two, the most telling: the planner takes a rare name for a common one, and would walk all customers.
CREATE FUNCTION cc_customers_like(patterns text[], most integer) RETURNS TABLE (id bigint, sort_name text, search_text text)
  LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off AS $$
  SELECT c.id, c.sort_name, c.search_text FROM customers c
  WHERE c.search_text LIKE patterns[1] AND c.search_text LIKE coalesce(patterns[2], patterns[1])
    AND c.search_text LIKE ALL (patterns)
  LIMIT most
$$;
--> statement-breakpoint
-- Names in which every one of these words has something like it: "Mokwena" is like Mokoena. The first word goes through the
-- index, so the longest stands first; its first letter must be right, or too many would be compared. A function, because likeness above 0.4 is a setting of whoever asks.
CREATE FUNCTION cc_similar_customers(words text[], most integer) RETURNS TABLE (id bigint, likeness real)
  LANGUAGE sql STABLE PARALLEL SAFE SET pg_trgm.word_similarity_threshold = 0.4 SET enable_seqscan = off AS $$
  SELECT c.id, l.mean::real AS likeness
  FROM customers c CROSS JOIN LATERAL (
    SELECT avg(word_similarity(word, c.search_text)) AS mean, min(word_similarity(word, c.search_text)) AS least
    FROM unnest(words) AS word OFFSET 0) AS l
  WHERE c.search_text %> words[1] AND c.search_text LIKE '% ' || left(words[1], 1) || '%' AND l.least >= 0.4
  ORDER BY 2 DESC, c.id LIMIT most
$$;
--> statement-breakpoint
INSERT INTO customer_types (code, name, reported_as, is_open) VALUES
  ('HH1', 'Household, tier 1', 'HH', true),
  ('HH2', 'Household, tier 2', 'HH', true),
  ('HH3', 'Household, tier 3', 'HH', true),
  ('HH', 'Household, tier not known', 'HH', false),
  ('SME', 'Small or medium enterprise', 'SME', true),
  ('CHU', 'Church', 'CHU', true),
  ('SCP', 'Primary school', 'SCP', true),
  ('SCH', 'School', 'SCH', true),
  ('HC', 'Health centre', 'HC', true),
  ('HCF', 'Health care facility', 'HCF', true),
  ('CLI', 'Clinic', 'CLI', true),
  ('PWH', 'Powerhouse', 'PWH', true),
  ('GOV', 'Government', 'GOV', true),
  ('COM', 'Commercial', 'COM', true),
  ('IND', 'Industry', 'IND', true),
  ('REL', 'Religious', 'REL', true),
  ('AGR', 'Agriculture', 'AGR', true),
  ('PUE', 'Productive use of energy', 'PUE', true),
  ('OTH', 'Other', 'OTH', true),
  ('OTHER', 'Other, as the old system wrote it', 'OTH', false);
--> statement-breakpoint
GRANT SELECT ON customer_types TO cc_app;
--> statement-breakpoint
GRANT UPDATE (given_name, family_name, phones_typed, email, national_id, gender, customer_type, site_code, plot_number,
  latitude, longitude, street, place, district, note, legacy_id, source, facts_version) ON customers TO cc_app;
--> statement-breakpoint
GRANT UPDATE (opened_at, terminated_at) ON accounts TO cc_app;
--> statement-breakpoint
GRANT UPDATE (final_register_wh) ON meter_placements TO cc_app;
