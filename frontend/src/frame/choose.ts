import { create } from 'zustand';
import { api } from '../api';
import { notifyError } from './notify';

export interface Wanted {
  title: string;
  /** the file is to be written, and need not exist */
  save?: boolean;
  /** a name that is proposed, where it is to be written */
  name?: string;
  /** the ending without its dot; empty for any */
  ext?: string;
}

interface Prompt {
  wanted: Wanted | undefined;
  answer(path: string): void;
}

/** usePrompt is the question for a path that is asked in the window, where there are no native dialogs. */
export const usePrompt = create<Prompt>(() => ({ wanted: undefined, answer: () => {} }));

/** choosePath asks for a file, natively where that is possible, and gives an empty path when the person cancels. */
export async function choosePath(wanted: Wanted): Promise<string> {
  const { title, save = false, name = '', ext = '' } = wanted;
  try {
    const { available, path } = await api.session.Choose({ title, save, name, ext });
    if (available) return path;
  } catch (reason) {
    notifyError(reason);
    return '';
  }
  return new Promise((resolve) => {
    usePrompt.getState().answer(''); // an older question is taken back
    usePrompt.setState({
      wanted,
      answer: (path) => {
        usePrompt.setState({ wanted: undefined, answer: () => {} });
        resolve(path);
      },
    });
  });
}
