import { create } from 'zustand';

const most = 5;

/** useRecent holds the ids of the commands that were chosen from the palette last, newest first. */
export const useRecent = create<{ ids: readonly string[]; add(id: string): void }>((set) => ({
  ids: [],
  add: (id) => set(({ ids }) => ({ ids: [id, ...ids.filter((other) => other !== id)].slice(0, most) })),
}));
