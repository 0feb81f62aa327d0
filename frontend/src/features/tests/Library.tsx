import { ActionIcon, TextInput } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronRight,
  IconFileAlert,
  IconFilterOff,
  IconSearch,
  IconX,
} from '@tabler/icons-react';
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { type Column, Grid } from '../inventory/Grid';
import frame from '../inventory/inventory.module.css';
import { Failed } from '../inventory/parts';
import { useListFocus, useListKeys } from '../inventory/useList';
import { Text } from '../traffic/Text';
import { BrokenDetail } from './BrokenDetail';
import classes from './Library.module.css';
import { Panes } from './Panes';
import { Severity } from './parts';
import { useLibrary } from './queries';
import { useTests } from './store';
import { TemplateDetail } from './TemplateDetail';
import shared from './tests.module.css';
import { type Line, tree } from './tree';
import { severityWord } from './words';

/** Library is the tree of templates, and the one that is open. */
export function Library() {
  const library = useLibrary();
  const template = useTests((state) => state.template);
  const file = useTests((state) => state.file);
  const { list, focusList } = useListFocus();
  const close = () => {
    useTests.setState({ template: '', file: '' });
    focusList();
  };
  if (library.error) {
    return <Failed error={library.error} onRetry={() => void library.refetch()} />;
  }
  if (!library.data) return <Loading rows={12} />;
  const broken = library.data.broken.find((each) => each.file === file);
  return (
    <>
      <Search library={library.data} focusList={focusList} />
      <Panes
        first={
          <div ref={list} className={frame.fill}>
            <Tree library={library.data} onClose={close} />
          </div>
        }
        second={
          file && broken ? (
            <BrokenDetail broken={broken} onClose={close} key={file} />
          ) : template ? (
            <TemplateDetail id={template} onClose={close} key={template} />
          ) : null
        }
      />
    </>
  );
}

function Search({ library, focusList }: { library: go.LibraryOut; focusList(): void }) {
  const text = useTests((state) => state.text);
  const input = useRef<HTMLInputElement>(null);
  useCommand('tests.filter', () => {
    input.current?.focus();
    input.current?.select();
  });
  return (
    <search className={shared.search} aria-label={t('tests.library.filter')}>
      <TextInput
        ref={input}
        size="xs"
        className={classes.grow ?? ''}
        aria-label={t('tests.library.filter')}
        placeholder={t('tests.library.placeholder')}
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={(event) => useTests.setState({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'ArrowDown') focusList();
          if (event.key === 'Escape') useTests.setState({ text: '' });
        }}
        rightSection={
          text && (
            <ActionIcon aria-label={t('tests.library.clear')} onClick={() => useTests.setState({ text: '' })}>
              <IconX size={14} />
            </ActionIcon>
          )
        }
      />
      <span className={frame.dim} role="status">
        {t('tests.library.count', { n: library.templates.length, folder: library.folder })}
      </span>
    </search>
  );
}

const columns: Column<Line>[] = [
  {
    id: 'name',
    title: () => t('tests.column.template'),
    width: 18,
    grow: true,
    cell: (line) => <Name line={line} />,
  },
  {
    id: 'severity',
    title: () => t('tests.column.severity'),
    width: 6,
    cell: (line) => (line.kind === 'template' ? <Severity severity={line.template.severity} /> : null),
  },
  {
    id: 'cases',
    title: () => t('tests.column.cases'),
    width: 4.5,
    end: true,
    cell: (line) => (line.kind === 'template' ? formatNumber(line.template.cases) : null),
  },
];

function Name({ line }: { line: Line }) {
  if (line.kind === 'item') {
    const Chevron = line.open ? IconChevronDown : IconChevronRight;
    return (
      <span className={classes.branch}>
        <Chevron size={14} aria-hidden />
        {line.item.id.startsWith('LLM') && <span className={frame.dim}>{line.item.id.slice(0, 5)}</span>}
        <Text text={line.item.title} />
        <span className={frame.n}>{formatNumber(line.n)}</span>
      </span>
    );
  }
  if (line.kind === 'broken') {
    return (
      <span className={classes.leaf} data-bad>
        <IconFileAlert size={14} aria-hidden /> <Text text={line.broken.file} />
      </span>
    );
  }
  return (
    <span className={classes.leaf}>
      <Text text={line.template.name} />
      {line.template.own && <span className={frame.tag}>{t('tests.own.tag')}</span>}
    </span>
  );
}

function spoken(line: Line): string {
  if (line.kind === 'item') {
    return t(line.open ? 'tests.library.spokenOpen' : 'tests.library.spokenFolded', {
      item: `${line.item.id} ${line.item.title}`,
      n: line.n,
    });
  }
  if (line.kind === 'broken') return t('tests.library.spokenBroken', { file: line.broken.file });
  const { name, severity, cases } = line.template;
  return `${name}, ${severityWord(severity)}, ${t('tests.cases', { n: cases })}`;
}

function toggle(id: string, open?: boolean) {
  const folded = new Set(useTests.getState().folded);
  if (open ?? folded.has(id)) folded.delete(id);
  else folded.add(id);
  useTests.setState({ folded });
}

function Tree({ library, onClose }: { library: go.LibraryOut; onClose(): void }) {
  const { text, folded, template, file } = useTests();
  const lines = useMemo(
    () => tree(library, text, folded, { own: t('tests.own.branch') }),
    [library, text, folded],
  );
  const [cursor, setCursor] = useState(() =>
    lines.findIndex((line) => line.kind === 'template' && line.template.id === template),
  );
  const at = useCallback((index: number) => lines[index], [lines]);
  const show = (line: Line | undefined) => {
    if (line?.kind === 'template') useTests.setState({ template: line.template.id, file: '' });
    else if (line?.kind === 'broken') useTests.setState({ file: line.broken.file, template: '' });
  };
  const move = (index: number) => {
    setCursor(index);
    if (template || file) show(lines[index]);
  };
  const open = (index: number) => {
    const line = lines[index];
    if (line?.kind === 'item') toggle(line.id);
    else show(line);
  };
  useListKeys({
    feature: 'tests',
    count: lines.length,
    cursor,
    onMove: move,
    onOpen: open,
    onClose: template || file ? onClose : null,
  });
  // As in a tree: to the left folds, or leads to the branch; to the right unfolds.
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[cursor];
    if (!line || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') || event.altKey) return;
    event.preventDefault();
    if (line.kind === 'item') toggle(line.id, event.key === 'ArrowRight');
    else if (event.key === 'ArrowLeft' && line.kind === 'template') {
      setCursor(lines.findIndex((each) => each.kind === 'item' && each.id === line.under));
    }
  };
  if (lines.length === 0) {
    return (
      <EmptyState
        icon={<IconFilterOff size={40} />}
        title={t('tests.library.noMatch')}
        text={t('tests.library.noMatchText', { n: library.templates.length })}
      />
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the grid inside has the role and the focus
    <div onKeyDown={onKeyDown} className={frame.fill}>
      <Grid
        name="templates"
        label={t('tests.library.list')}
        columns={columns}
        count={lines.length}
        at={at}
        keyOf={(line) => line.id}
        spoken={spoken}
        cursor={Math.min(cursor, lines.length - 1)}
        onMove={move}
        onOpen={open}
        opensAtOnce
      />
    </div>
  );
}
