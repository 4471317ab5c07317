-- People behind one address who sign in at the same moment do not hold each other up.
CREATE OR REPLACE FUNCTION cc_take_attempt(wanted jsonb, at timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  wait bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7301002, hashtext(w.key))
    FROM (SELECT key FROM jsonb_to_recordset(wanted) AS r(key text) ORDER BY hashtext(key)) AS w;
  SELECT max(cc_ms(a.next_at) - cc_ms(at)) INTO wait
    FROM jsonb_to_recordset(wanted) AS w(key text, free integer, "capMs" double precision)
    JOIN sign_in_attempts a ON a.key = w.key
    -- Of two at the same time the later one in line may have read the clock first: while tries are free nobody waits for the
    -- other's instant. No wait is longer than the longest: after a clock was set back, an instant far ahead is no wait.
    WHERE a.failures > w.free AND a.next_at > at AND a.next_at <= at + w."capMs" * interval '1 millisecond';
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
