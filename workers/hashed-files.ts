/** Files whose key names their content. R2 checks the hash while it stores: half a file is no file. */
export const hashedFiles = (bucket: R2Bucket, contentType: string) => ({
  async put(key: string, bytes: Uint8Array, sha256: string) {
    await bucket.put(key, bytes, { sha256, httpMetadata: { contentType } });
  },
  async get(key: string) {
    const object = await bucket.get(key);
    return object === null ? null : new Uint8Array(await object.arrayBuffer());
  },
  delete: (key: string) => bucket.delete(key),
});
