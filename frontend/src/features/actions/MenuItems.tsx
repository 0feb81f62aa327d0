import { Menu } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, type go } from '../../api';
import { available, runCommand, useRegistry } from '../../commands';
import { keysOf, useKeys } from '../../commands/bindings';
import { KeyCaps } from '../../commands/KeyCaps';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { sendToRepeater } from '../repeater/send';
import { sendToTests } from '../tests/send';
import { copyAs, decrypt, exportTo, hideHost, onlyConversation, passThrough, saveBody } from './act';
import classes from './actions.module.css';
import { diffWith, useDiffBase } from './diffWith';
import type { Ask } from './ExchangeMenu';
import { copyFormats, formatName } from './formats';
import { colourName, colours, markColour, remove } from './marks';

interface MenuItemsProps {
  ids: string[];
  /** a list is behind the menu, whose own commands then do what they do by key */
  inList?: boolean | undefined;
  onAsk(what: Ask): void;
}

interface ItemProps {
  children: ReactNode;
  /** the command of a list that does the same: its keys are shown */
  command?: string;
  run(): void;
  disabled?: boolean;
  danger?: boolean;
  inList?: boolean | undefined;
}

function Item({ children, command = '', run, disabled = false, danger = false, inList }: ItemProps) {
  const known = useRegistry.getState().commands.get(command);
  const bindings = useKeys();
  const keys = known && keysOf(known, bindings)[0];
  return (
    <Menu.Item
      disabled={disabled}
      {...(danger ? { c: 'var(--as-bad)' } : {})}
      rightSection={inList && keys ? <KeyCaps keys={keys} /> : null}
      onClick={() => {
        if (inList && available(command)) runCommand(command);
        else run();
      }}
    >
      {children}
    </Menu.Item>
  );
}

/** MenuItems are the actions, always all of them and always in this order. */
export function MenuItems({ ids, inList, onAsk }: MenuItemsProps) {
  const first = ids[0] ?? '';
  const { data: row } = useQuery({
    queryKey: ['exchange', 'row', first],
    queryFn: () => api.exchange.Row({ id: first }),
    enabled: first !== '',
    staleTime: 0,
  });
  const one = ids.length === 1;
  return (
    <>
      <Item
        command="traffic.open"
        inList={inList}
        disabled={!one}
        run={() => useNav.getState().go('traffic', { id: first })}
      >
        {t('actions.open')}
      </Item>
      <Item command="traffic.repeater" inList={inList} run={() => void sendToRepeater(ids)}>
        {t('actions.repeater')}
      </Item>
      <Item command="traffic.test" inList={inList} run={() => sendToTests(ids)}>
        {t('actions.tests')}
      </Item>
      <DiffItem ids={ids} inList={inList} />
      <Menu.Divider />
      <CopyItems ids={ids} />
      <SaveItems ids={ids} row={row} />
      <Menu.Divider />
      <MarkItems ids={ids} row={row} inList={inList} onAsk={onAsk} />
      <Menu.Divider />
      <HostItems row={row} one={one} />
      <Item run={() => void exportTo('har', { ids })}>{t('actions.export', { n: ids.length })}</Item>
      <Menu.Divider />
      <Item command="traffic.delete" inList={inList} danger run={() => void remove(ids)}>
        {t('actions.delete', { n: ids.length })}
      </Item>
    </>
  );
}

function DiffItem({ ids, inList }: { ids: string[]; inList: boolean | undefined }) {
  const base = useDiffBase((state) => state.base);
  const pair = ids.length === 2;
  const waits = ids.length === 1 && base !== '' && base !== ids[0];
  const label = waits
    ? t('actions.diff.base', { id: base })
    : pair
      ? t('actions.diff.both')
      : t('actions.diff.with');
  return (
    <Item
      command={pair ? 'traffic.diff' : ''}
      inList={inList}
      disabled={ids.length > 2}
      run={() => diffWith(ids)}
    >
      {label}
    </Item>
  );
}

function CopyItems({ ids }: { ids: string[] }) {
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item>{t('actions.copy')}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        {copyFormats.map((format) => (
          <Menu.Item key={format} onClick={() => void copyAs(ids, format)}>
            {formatName(format)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void copyAs(ids, 'curl', true)}>{t('actions.reveal')}</Menu.Item>
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}

function SaveItems({ ids, row }: { ids: string[]; row: go.Row | undefined }) {
  const [id = ''] = ids;
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item disabled={ids.length !== 1}>{t('actions.body.save')}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        <Menu.Item disabled={row?.request_bytes === 0} onClick={() => void saveBody(id, 'client')}>
          {t('actions.body.request')}
        </Menu.Item>
        <Menu.Item disabled={row?.response_bytes === 0} onClick={() => void saveBody(id, 'server')}>
          {t('actions.body.answer')}
        </Menu.Item>
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}

interface MarkItemsProps extends MenuItemsProps {
  row: go.Row | undefined;
}

function MarkItems({ ids, row, inList, onAsk }: MarkItemsProps) {
  return (
    <>
      <Item command="traffic.tags" inList={inList} run={() => onAsk('tags')}>
        {t('actions.tags.item')}
      </Item>
      <Item command="traffic.note" inList={inList} run={() => onAsk('note')}>
        {t('actions.note.item')}
      </Item>
      <ColourItems ids={ids} now={row?.colour ?? ''} />
    </>
  );
}

/** ColourItems give exchanges a colour, or take the one away that they have. */
function ColourItems({ ids, now }: { ids: string[]; now: string }) {
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item>{t('actions.colour.title')}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        {colours.map((colour) => (
          <Menu.Item
            key={colour}
            leftSection={<span className={classes.swatch} data-colour={colour} />}
            rightSection={
              now === colour ? <IconCheck size={14} aria-label={t('actions.colour.now')} /> : null
            }
            onClick={() => void markColour(ids, colour)}
          >
            <span className={classes.capital}>{colourName(colour)}</span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item disabled={now === ''} onClick={() => void markColour(ids, '')}>
          {t('actions.colour.none')}
        </Menu.Item>
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}

function HostItems({ row, one }: { row: go.Row | undefined; one: boolean }) {
  const host = row?.host ?? '';
  const passed = row?.stage === 'passed-through';
  return (
    <>
      <Item disabled={host === '' || !one} run={() => void hideHost(host)}>
        {t('actions.hide')}
      </Item>
      <Item disabled={!row?.conversation || !one} run={() => onlyConversation(row?.conversation ?? '')}>
        {t('actions.only')}
      </Item>
      <Item disabled={host === '' || !one} run={() => void (passed ? decrypt(host) : passThrough(host))}>
        {passed ? t('actions.decrypt') : t('actions.pass')}
      </Item>
    </>
  );
}
