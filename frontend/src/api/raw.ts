import { ApiError } from './error';

// In a browser, package bridge leaves the token of this session here (see app/bridge); the desktop window needs none.
declare global {
  interface Window {
    assayToken?: string;
  }
}

function headers(): HeadersInit {
  return window.assayToken ? { Authorization: `Bearer ${window.assayToken}` } : {};
}

/** raw fetches bytes from the Go side: paths of Desk.Handler, for example /raw/17/server?from=0&limit=65536. */
export async function raw(path: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, { headers: headers(), ...(signal ? { signal } : {}) });
  if (!response.ok) throw ApiError.from(new Error(await response.text()));
  return response;
}

/** upload sends a file's bytes to the Go side. */
export async function upload(path: string, file: Blob): Promise<Response> {
  const response = await fetch(path, { method: 'POST', headers: headers(), body: file });
  if (!response.ok) throw ApiError.from(new Error(await response.text()));
  return response;
}
