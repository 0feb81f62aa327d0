/** remember keeps a small preference of this screen on this machine; without storage it is forgotten with the window. */
export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`assay.traffic.${name}`, JSON.stringify(value));
  } catch {
    // private mode, or storage is full: nothing depends on it
  }
}

/** recall gives what was remembered, if it passes the check. */
export function recall<T>(name: string, valid: (value: unknown) => value is T, otherwise: T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`assay.traffic.${name}`) ?? 'null');
    return valid(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}
