import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  cloneElement,
  isValidElement,
  lazy,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  Suspense,
  useRef,
  useState,
} from 'react';
import { t } from '../../i18n';
import classes from './actions.module.css';
import { useExchangeActions } from './useExchangeActions';

const MenuItems = lazy(async () => ({ default: (await import('./MenuItems')).MenuItems }));
const Dialogs = lazy(async () => ({ default: (await import('./Dialogs')).Dialogs }));

interface ExchangeMenuProps {
  /** the exchanges it acts on, in order */
  ids: string[];
  /** what opens it: a button, or a list or row that is clicked with the right button */
  children: ReactNode;
}

/** What the menu asks in a dialog of its own. */
export type Ask = 'tags' | 'note' | 'export';

interface Point {
  x: number;
  y: number;
}

/** ExchangeMenu is the same menu in the same order wherever an exchange appears. */
export function ExchangeMenu({ ids, children }: ExchangeMenuProps) {
  const [asked, setAsked] = useState<Ask>();
  const back = useRef<Element | null>(null);
  const ask = (what: Ask, from: Element | null) => {
    back.current = from;
    setAsked(what);
  };
  const close = () => {
    setAsked(undefined);
    if (back.current instanceof HTMLElement) back.current.focus({ preventScroll: true });
  };
  const button = isValidElement(children) && (children.type === ActionIcon || children.type === Button);
  return (
    <>
      {button ? (
        <ButtonMenu ids={ids} onAsk={ask}>
          {children as ReactElement<object>}
        </ButtonMenu>
      ) : (
        <ContextMenu ids={ids} onAsk={ask}>
          {children}
        </ContextMenu>
      )}
      {asked && (
        <Suspense>
          <Dialogs ids={ids} asked={asked} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

interface InnerProps<T extends ReactNode> {
  ids: string[];
  children: T;
  /** from is what the focus comes back to */
  onAsk(what: Ask, from: Element | null): void;
}

function ButtonMenu({ ids, children, onAsk }: InnerProps<ReactElement<object>>) {
  const [opened, setOpened] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        {cloneElement(children, { ref: target, disabled: ids.length === 0 } as object)}
      </Menu.Target>
      <Menu.Dropdown className={classes.menu ?? ''} aria-label={t('actions.menu')}>
        {opened && (
          <Suspense>
            <MenuItems ids={ids} onAsk={(what) => onAsk(what, target.current)} />
          </Suspense>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The place of a list where the keyboard is: its active row, or else its own corner. */
function placeOf(element: Element | null): Point {
  const list =
    element?.closest('[aria-activedescendant]') ?? element?.querySelector('[aria-activedescendant]');
  const row = document.getElementById(list?.getAttribute('aria-activedescendant') ?? '');
  const box = (row ?? list ?? element)?.getBoundingClientRect();
  return { x: (box?.left ?? 0) + 48, y: row ? (box?.bottom ?? 0) : (box?.top ?? 0) + 24 };
}

function ContextMenu({ ids, children, onAsk }: InnerProps<ReactNode>) {
  const [at, setAt] = useState<Point>();
  const area = useRef<HTMLDivElement>(null);
  const focused = useRef<Element | null>(null);
  const open = (point: Point) => {
    focused.current = document.activeElement;
    setAt(point);
  };
  const onMenu = () => open(placeOf(area.current?.firstElementChild ?? null));
  useExchangeActions(ids, { onMenu, onExport: () => onAsk('export', document.activeElement) });
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    if (ids.length === 0 && event.button !== 2) return;
    open(
      event.button === 2 || event.clientX + event.clientY > 0
        ? { x: event.clientX, y: event.clientY }
        : placeOf(event.currentTarget),
    );
  };
  const close = () => {
    setAt(undefined);
    if (focused.current instanceof HTMLElement) focused.current.focus({ preventScroll: true });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list inside has the role; this only hears its menu key
    <div ref={area} className={classes.bubble} onContextMenu={onContextMenu}>
      {children}
      <Menu
        opened={at !== undefined && ids.length > 0}
        onClose={close}
        position="right-start"
        offset={2}
        shadow="md"
        withinPortal
        returnFocus={false}
      >
        <Menu.Target>
          <span
            aria-hidden
            style={{
              position: 'fixed',
              left: at?.x ?? 0,
              top: at?.y ?? 0,
              width: 1,
              height: 1,
              pointerEvents: 'none',
            }}
          />
        </Menu.Target>
        <Menu.Dropdown className={classes.menu ?? ''} aria-label={t('actions.menu')}>
          {at && (
            <Suspense>
              <MenuItems ids={ids} onAsk={(what) => onAsk(what, focused.current)} inList />
            </Suspense>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
