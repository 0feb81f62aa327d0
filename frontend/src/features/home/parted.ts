// A part of the project: an endpoint, a model or a client, with a score of its own.
import { useHome } from './store';

/** showPart shows the score of a part alone. */
export function showPart({ ref, name }: { ref: string; name: string }): void {
  useHome.setState({ of: ref, name, tab: 'overview' });
}

/** showAll shows the score of the whole project again. */
export function showAll(): void {
  useHome.setState({ of: '', name: '' });
}
