import { Button } from '@mantine/core';
import { IconShieldSearch } from '@tabler/icons-react';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { EmptyState } from '../../frame/ui';
import { t } from '../../i18n';
import { JudgedPanes } from '../findings/Judged';
import { useListFocus } from '../inventory/useList';
import { Detail } from './Detail';
import { Filters } from './Filters';
import { Harmless } from './Harmless';
import { judging, List } from './List';
import { useThreatPages } from './queries';
import { everything, setFilter, useThreats } from './store';
import { Timeline } from './Timeline';

/** Threats is what the watch saw: when, which, and all about one of them. */
export function Threats({ summary }: { summary: go.ThreatsSummary }) {
  const { filter, sort, desc, open } = useThreats();
  const pages = useThreatPages(filter, sort, desc);
  const { list, focusList } = useListFocus();
  if (summary.total === 0 && !open) return <Empty summary={summary} />;
  return (
    <>
      <Timeline />
      <Filters summary={summary} total={pages.total} focusList={focusList} />
      <JudgedPanes
        words={judging.words}
        pages={pages}
        all={summary.total}
        list={list}
        detail={open ? <Detail key={open} id={open} onClose={focusList} /> : null}
        onEverything={() => setFilter(everything)}
      >
        <List pages={pages} focusList={focusList} />
      </JudgedPanes>
      <Harmless />
    </>
  );
}

// Said together with what was watched, so that it never reads as safe.
function Empty({ summary }: { summary: go.ThreatsSummary }) {
  const { recorded, rules, off, waiting } = summary;
  const go = useNav.getState().go;
  const nothing = recorded === 0;
  return (
    <EmptyState
      icon={<IconShieldSearch size={40} />}
      title={nothing ? t('threats.empty.nothing') : t('threats.empty.title', { n: recorded, rules })}
      text={
        <>
          <p>{nothing ? t('threats.empty.never') : t('threats.empty.text')}</p>
          {waiting > 0 && <p>{t('threats.empty.waiting', { n: waiting })}</p>}
          {off > 0 && <p>{t('threats.empty.off', { n: off })}</p>}
        </>
      }
      actions={
        <>
          {nothing && <Button onClick={() => go('setup')}>{t('threats.empty.connect')}</Button>}
          {nothing && (
            <Button variant="default" onClick={() => go('setup', { section: 'import' })}>
              {t('threats.empty.import')}
            </Button>
          )}
          <Button variant="default" onClick={() => go('findings', { tab: 'watch', look: 'rules' })}>
            {t('threats.empty.rules')}
          </Button>
        </>
      }
    />
  );
}
