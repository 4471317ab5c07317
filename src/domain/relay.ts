/** The relay is told to connect or to disconnect; "open" and "close" mean opposite things to an engineer and a cashier. */
export type RelayAction = "connect" | "disconnect";

export type CommandState =
  | "queued"
  | "published"
  | "acked"
  | "completed"
  | "rejected"
  | "failed"
  | "timed_out"
  | "superseded";
