/** Fetches a file while it says how much has come, and saves it. False: it broke off, and nothing is saved. */
export async function fetchFile(url: string, onProgress: (got: number) => void): Promise<boolean> {
  try {
    const response = await fetch(url);
    if (!response.ok || response.body === null) return false;
    const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
    const parts: BlobPart[] = [];
    let got = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      got += value.byteLength;
      onProgress(got);
    }
    save(new Blob(parts, { type: response.headers.get("Content-Type") ?? "" }), named);
    return true;
  } catch {
    // a file that cannot be finished ends with an error: it is never short and whole at once
    return false;
  }
}

function save(file: Blob, name: string) {
  const url = URL.createObjectURL(file);
  const anchor = Object.assign(document.createElement("a"), { href: url, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
