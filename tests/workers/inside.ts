import { runInDurableObject } from "cloudflare:test";

/**
 * What `during` finds or does in the storage of an object, whatever its class is: the platform's own function wants the class of a
 * stub, and its type has no end for a class with many methods.
 */
export const inStorage = <T>(
  stub: { id: DurableObjectId },
  during: (storage: DurableObjectStorage) => T | Promise<T>,
): Promise<T> =>
  runInDurableObject(stub as DurableObjectStub, (_: unknown, { storage }: DurableObjectState) => during(storage));
