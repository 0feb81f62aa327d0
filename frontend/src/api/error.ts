/** ApiError is what a call to Go failed with: one sentence, and what to do about it. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  static from(reason: unknown): ApiError {
    if (reason instanceof ApiError) return reason;
    const text = reason instanceof Error ? reason.message : String(reason);
    try {
      const fault = JSON.parse(text) as { code?: string; message?: string; hint?: string };
      if (fault && typeof fault.message === 'string') {
        return new ApiError(fault.code ?? 'failed', fault.message, fault.hint ?? '');
      }
    } catch {
      // not one of ours: shown as it is
    }
    return new ApiError('failed', text, '');
  }
}
