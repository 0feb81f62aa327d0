import { ActionIcon, Button, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { IconHistory, IconPencil, IconStar, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, type go } from '../../api';
import { notifyError, notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './Menu.module.css';

interface FilterMenuProps {
  text: string;
  onTake(query: string): void;
}

/** FilterMenu keeps filters under a name, and offers those used last. */
export function FilterMenu({ text, onTake }: FilterMenuProps) {
  const [opened, setOpened] = useState(false);
  const [renaming, setRenaming] = useState<string | null>(null);
  const { data, save } = useFilters(opened);
  const take = (query: string) => {
    setOpened(false);
    onTake(query);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={380} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          size="compact-md"
          leftSection={<IconStar size={15} />}
          onClick={() => setOpened(!opened)}
        >
          {t('traffic.saved.button')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6} className={classes.long ?? ''} aria-label={t('traffic.saved.saved')}>
        <SaveAs text={text} onSave={(name) => save({ name, query: text })} />
        <h2 className={classes.heading}>{t('traffic.saved.saved')}</h2>
        {data?.saved.length === 0 && <div className={classes.none}>{t('traffic.saved.none')}</div>}
        {data?.saved.map((filter) =>
          renaming === filter.name ? (
            <Rename
              key={filter.name}
              filter={filter}
              onDone={(name) => {
                setRenaming(null);
                if (name && name !== filter.name) void save({ name, query: filter.query }, filter);
              }}
            />
          ) : (
            <Saved
              key={filter.name}
              filter={filter}
              onTake={() => take(filter.query)}
              onRename={() => setRenaming(filter.name)}
              onDelete={() => save(null, filter)}
            />
          ),
        )}
        {data && data.recent.length > 0 && <h2 className={classes.heading}>{t('traffic.saved.recent')}</h2>}
        {data?.recent.map((query) => (
          <UnstyledButton key={query} className={classes.item ?? ''} onClick={() => take(query)}>
            <IconHistory size={15} />
            <span className={classes.query}>
              <Visible text={query} />
            </span>
          </UnstyledButton>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

function useFilters(opened: boolean) {
  const client = useQueryClient();
  const key = ['traffic', 'filters'];
  const { data } = useQuery({ queryKey: key, queryFn: () => api.traffic.Filters({}), enabled: opened });
  const put = async (filter: go.SavedFilter) =>
    client.setQueryData(key, await api.traffic.SaveFilter(filter));
  // save puts a filter there, in place of another; null only takes the other away
  const save = async (filter: go.SavedFilter | null, old?: go.SavedFilter) => {
    try {
      if (filter) await put(filter);
      if (!old) return;
      await put({ name: old.name, query: '' });
      if (!filter)
        notifyUndo(t('traffic.saved.deleted', { name: old.name }), async () => void (await put(old)));
    } catch (reason) {
      notifyError(reason);
    }
  };
  return { data, save };
}

function SaveAs({ text, onSave }: { text: string; onSave(name: string): Promise<void> }) {
  const [name, setName] = useState('');
  if (text.trim() === '') return null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    await onSave(name.trim());
    setName('');
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        size="xs"
        data-autofocus
        label={t('traffic.saved.as')}
        placeholder={t('traffic.saved.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button size="xs" type="submit" disabled={name.trim() === ''}>
        {t('traffic.saved.save')}
      </Button>
    </form>
  );
}

function Saved(props: { filter: go.SavedFilter; onTake(): void; onRename(): void; onDelete(): void }) {
  const { filter, onTake, onRename, onDelete } = props;
  return (
    <div className={classes.saved}>
      <UnstyledButton className={classes.item ?? ''} onClick={onTake}>
        <IconStar size={15} />
        <span>
          <span className={classes.name}>
            <Visible text={filter.name} />
          </span>
          <span className={classes.query}>
            <Visible text={filter.query} />
          </span>
        </span>
      </UnstyledButton>
      <ActionIcon
        variant="subtle"
        aria-label={t('traffic.saved.rename', { name: filter.name })}
        onClick={onRename}
      >
        <IconPencil size={15} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        aria-label={t('traffic.saved.delete', { name: filter.name })}
        onClick={onDelete}
      >
        <IconTrash size={15} />
      </ActionIcon>
    </div>
  );
}

function Rename({ filter, onDone }: { filter: go.SavedFilter; onDone(name: string): void }) {
  const [name, setName] = useState(filter.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDone(name.trim());
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        size="xs"
        data-autofocus
        autoFocus
        aria-label={t('traffic.saved.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onDone('');
        }}
      />
      <Button size="xs" type="submit">
        {t('traffic.saved.save')}
      </Button>
    </form>
  );
}
