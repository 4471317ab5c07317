import type { CopyMessage } from "../env.ts";
import { WakingObject } from "./waking-object.ts";

export class DisconnectGate extends WakingObject {
  protected override async wake(): Promise<void> {}
  protected override copyMessage(): CopyMessage | null {
    return null;
  }
}
