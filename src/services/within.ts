/** What did not come in time. */
export class Late extends Error {}

/** Rejects with {@link Late} after `ms`: a call that does not answer in time has failed. The work may still end, and is then found again by its keys. */
export async function within<T>(ms: number, call: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Late(`no answer in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
