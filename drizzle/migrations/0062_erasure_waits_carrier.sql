-- By hand. What is owed is sent, or ends, before its number is taken out: else it would go to the number of nobody.
CREATE OR REPLACE FUNCTION cc_personal_waits() RETURNS TABLE (tbl text, waits text) LANGUAGE sql IMMUTABLE AS $$
  VALUES
  ('payments', $w$t.holder_kind = 'suspense' OR (t.holder_kind = 'split' AND EXISTS (SELECT FROM payment_allocations s
    WHERE s.receipt = t.receipt AND s.generation = t.generation AND s.holder_kind = 'suspense'))$w$),
  ('suspense_cases', $w$t.state = 'open'$w$),
  ('carrier_sms', $w$t.state IN ('queued', 'sending', 'moving')$w$)
$$;
