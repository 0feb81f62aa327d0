import { ActionIcon, Menu, TextInput, Tooltip } from '@mantine/core';
import { IconClipboardText, IconDots, IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { show, useActs } from './acts';
import { nameOf } from './names';
import classes from './repeater.module.css';

interface TabListProps {
  tabs: go.Tab[];
  groups: string[];
  closed: number;
  current: string;
  /** the tab whose name is being written; empty for none */
  naming: string;
  onName(tab: string): void;
  onCurl(): void;
}

/** TabList is the requests in their groups: searched, renamed, closed and put elsewhere. */
export function TabList(props: TabListProps) {
  const { tabs, groups, closed, current } = props;
  const [search, setSearch] = useState('');
  const acts = useActs();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = tabs.filter((tab) => {
    const text = `${nameOf(tab)} ${tab.url} ${tab.group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const parts = ['', ...groups].map((group) => ({ group, tabs: found.filter((tab) => tab.group === group) }));
  const order = parts.flatMap((part) => part.tabs);
  const move = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = order.findIndex((tab) => tab.id === current);
    const next = by && order[here + by];
    if (!next || (event.target as HTMLElement).tagName === 'INPUT') return;
    event.preventDefault();
    void show(next.id);
    document.getElementById(`repeater-tab-${next.id}`)?.focus();
  };
  return (
    <nav className={classes.list} aria-label={t('repeater.tabs.label')} data-pane="tabs">
      <ListBar search={search} onSearch={setSearch} onCurl={props.onCurl} />
      {found.length === 0 && tabs.length > 0 && <p className={classes.hint}>{t('repeater.tabs.none')}</p>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside */}
      <div className={classes.tabs} onKeyDown={move}>
        {parts.map((part) => (
          <Part
            key={part.group}
            {...props}
            group={part.group}
            tabs={part.tabs}
            next={after(order, current)}
          />
        ))}
      </div>
      {closed > 0 && (
        <button type="button" className={classes.reopen} onClick={() => void acts.reopen()}>
          {t('repeater.tabs.reopen', { n: closed })}
        </button>
      )}
    </nav>
  );
}

interface ListBarProps {
  search: string;
  onSearch(search: string): void;
  onCurl(): void;
}

function ListBar({ search, onSearch, onCurl }: ListBarProps) {
  const acts = useActs();
  return (
    <div className={classes.listbar}>
      <TextInput
        size="xs"
        aria-label={t('repeater.tabs.search')}
        placeholder={t('repeater.tabs.search')}
        leftSection={<IconSearch size={14} />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      <Tooltip label={t('repeater.tabs.new')}>
        <ActionIcon
          variant="default"
          size={28}
          aria-label={t('repeater.tabs.new')}
          onClick={() => void acts.make()}
        >
          <IconPlus size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('repeater.curl.title')}>
        <ActionIcon variant="default" size={28} aria-label={t('repeater.curl.title')} onClick={onCurl}>
          <IconClipboardText size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

/** after is the tab that is shown when the current one is closed. */
export function after(tabs: go.Tab[], current: string): string {
  const here = tabs.findIndex((tab) => tab.id === current);
  return (tabs[here + 1] ?? tabs[here - 1])?.id ?? '';
}

function Part(props: TabListProps & { group: string; next: string }) {
  if (props.tabs.length === 0) return null;
  const name = props.group || t('repeater.tabs.ungrouped');
  return (
    <>
      {props.groups.length > 0 && (
        <div className={classes.group}>
          <Visible text={name} />
        </div>
      )}
      <ul aria-label={name}>
        {props.tabs.map((tab) => (
          <li key={tab.id}>
            <One {...props} tab={tab} />
          </li>
        ))}
      </ul>
    </>
  );
}

function One({ tab, groups, current, naming, next, onName }: TabListProps & { tab: go.Tab; next: string }) {
  const acts = useActs();
  const chosen = tab.id === current;
  const name = nameOf(tab);
  const close = () => void acts.close(tab, next);
  if (naming === tab.id) {
    return (
      <Naming
        label={t('repeater.tabs.name')}
        value={tab.name || name}
        onDone={(text) => {
          onName('');
          if (text !== undefined && text !== name) void acts.rename(tab.id, text);
        }}
      />
    );
  }
  return (
    <div className={classes.one} data-current={chosen || undefined}>
      <button
        type="button"
        id={`repeater-tab-${tab.id}`}
        aria-current={chosen}
        tabIndex={chosen ? 0 : -1}
        className={classes.tab}
        title={tab.url}
        onClick={() => void show(tab.id)}
        onDoubleClick={() => onName(tab.id)}
        onAuxClick={(event) => {
          if (event.button === 1) close();
        }}
      >
        <Visible text={name} />
        <span className={classes.host}>
          {tab.sending > 0 ? (
            t('repeater.tabs.sending')
          ) : (
            <Visible text={tab.url.replace(/^[a-z]+:\/\//i, '').split('/')[0] ?? ''} />
          )}
        </span>
      </button>
      <TabMenu tab={tab} name={name} groups={groups} onName={onName} onClose={close} />
      <ActionIcon variant="subtle" size={24} aria-label={t('repeater.tabs.close', { name })} onClick={close}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}

interface TabMenuProps {
  tab: go.Tab;
  name: string;
  groups: string[];
  onName(tab: string): void;
  onClose(): void;
}

function TabMenu({ tab, name, groups, onName, onClose }: TabMenuProps) {
  const acts = useActs();
  const [grouping, setGrouping] = useState(false);
  if (grouping) {
    return (
      <Naming
        label={t('repeater.tabs.group_name')}
        value={tab.group}
        onDone={(group) => {
          setGrouping(false);
          if (group) void acts.group([tab.id], group);
        }}
      />
    );
  }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size={24} aria-label={t('repeater.tabs.menu', { name })}>
          <IconDots size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onName(tab.id)}>{t('repeater.tabs.rename')}</Menu.Item>
        <Menu.Label>{t('repeater.tabs.group')}</Menu.Label>
        {groups
          .filter((group) => group !== tab.group)
          .map((group) => (
            <Menu.Item key={group} onClick={() => void acts.group([tab.id], group)}>
              <Visible text={group} />
            </Menu.Item>
          ))}
        {tab.group && (
          <Menu.Item onClick={() => void acts.group([tab.id], '')}>{t('repeater.tabs.group_none')}</Menu.Item>
        )}
        <Menu.Item onClick={() => setGrouping(true)}>{t('repeater.tabs.group_new')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={onClose}>{t('repeater.tabs.close', { name })}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Naming(props: { label: string; value: string; onDone(text: string | undefined): void }) {
  const [text, setText] = useState(props.value);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <TextInput
      ref={field}
      size="xs"
      aria-label={props.label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => props.onDone(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') props.onDone(text);
        if (event.key === 'Escape') props.onDone(undefined);
      }}
    />
  );
}
