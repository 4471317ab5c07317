ALTER TABLE "api_keys" DROP CONSTRAINT "api_keys_scopes";--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_scopes" CHECK (cardinality("api_keys"."scopes") >= 1
        AND "api_keys"."scopes" <@ ARRAY['odyssey.read', 'figures.read', 'payments.read', 'readings.read', 'tickets.read', 'webhooks.read']);