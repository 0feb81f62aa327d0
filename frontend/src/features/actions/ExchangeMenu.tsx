import type { ReactNode } from 'react';

export interface ExchangeMenuProps {
  /** the exchanges it acts on, in order */
  ids: string[];
  /** what opens it: a button, or the row that was clicked with the right button */
  children: ReactNode;
}

/** ExchangeMenu is the same menu in the same order wherever an exchange appears. */
export function ExchangeMenu(props: ExchangeMenuProps) {
  return <>{props.children}</>;
}
