CREATE INDEX "meters_thing" ON "meters" USING btree ("thing") WHERE "meters"."thing" IS NOT NULL;--> statement-breakpoint

-- A gateway takes the commands of one account's meters at a time: another account that names it would switch that one's
-- light. Held here, whichever road changes a meter or a placement, and looked at when all of a change is done.
CREATE FUNCTION one_account_a_gateway(meter bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  clash record;
BEGIN
  SELECT own.thing, other.meter_number, holder.account_number INTO clash
  FROM meters own JOIN meter_placements p ON p.meter_id = own.id
    JOIN meters other ON other.thing = own.thing AND other.id <> own.id
    JOIN meter_placements o ON o.meter_id = other.id AND o.account_id <> p.account_id
      AND tstzrange(o.valid_from, o.valid_to) && tstzrange(p.valid_from, p.valid_to)
    JOIN accounts holder ON holder.id = o.account_id
  WHERE own.id = meter AND own.thing IS NOT NULL LIMIT 1;
  IF FOUND THEN
    PERFORM refuse_request('exists: gateway ' || clash.thing || ' is that of meter ' || clash.meter_number || ' on ' || clash.account_number);
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION one_account_a_gateway_of_meter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM one_account_a_gateway(NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION one_account_a_gateway_of_placement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM one_account_a_gateway(NEW.meter_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER one_account_a_gateway AFTER UPDATE OF thing ON meters DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.thing IS NOT NULL) EXECUTE FUNCTION one_account_a_gateway_of_meter();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER one_account_a_gateway AFTER INSERT OR UPDATE OF valid_from, valid_to, meter_id, account_id ON meter_placements
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION one_account_a_gateway_of_placement();
