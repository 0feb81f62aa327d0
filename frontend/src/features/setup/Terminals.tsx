import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type go } from '../../api';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { Code } from './Code';
import { Tile } from './Tile';
import { type Status, useAct } from './useSetup';

const shellNames: Record<string, string> = {
  sh: 'sh, bash, zsh',
  fish: 'fish',
  powershell: 'PowerShell',
  cmd: 'cmd',
};

/** Terminals opens a shell with every variable, or gives the lines for one that is open. */
export function Terminals({ found, status }: { found: go.Found; status: Status }) {
  const open = useAct(() => api.setup.OpenTerminal({}));
  const running = status.started.filter(({ kind, ended }) => kind === 'terminal' && !ended).length;
  const shown = !found.terminal;
  const [lines, setLines] = useState(false);
  return (
    <Tile
      icon={<IconTerminal2 size={20} />}
      title={t('setup.terminal.title')}
      text={found.terminal ? t('setup.terminal.text') : t('setup.terminal.none')}
      status={running > 0 ? t('setup.terminal.running', { n: running }) : undefined}
      section="terminal"
    >
      {found.terminal && (
        <Group gap="xs">
          <Button variant="default" loading={open.isPending} onClick={() => open.mutate(undefined)}>
            {t('setup.terminal.open', { program: found.terminal })}
          </Button>
          <Button variant="subtle" aria-expanded={lines} onClick={() => setLines(!lines)}>
            {lines ? t('setup.terminal.hide') : t('setup.terminal.show')}
          </Button>
        </Group>
      )}
      {(shown || lines) && !status.listen && <Text size="sm">{t('setup.terminal.off')}</Text>}
      {(shown || lines) && status.listen && <Script shells={found.shells} listen={status.listen} />}
    </Tile>
  );
}

function Script({ shells, listen }: { shells: string[]; listen: string }) {
  const [shell, setShell] = useState(shells[0] ?? 'sh');
  const script = useQuery({
    queryKey: ['setup', 'script', shell, listen],
    queryFn: () => api.setup.Script({ shell }),
    retry: false,
  });
  return (
    <>
      {shells.length > 1 && (
        <SegmentedControl
          aria-label={t('setup.terminal.shell')}
          size="xs"
          value={shell}
          onChange={setShell}
          data={shells.map((value) => ({ value, label: shellNames[value] ?? value }))}
        />
      )}
      {script.isError && <ErrorState error={script.error} />}
      {script.data && <Code text={script.data.text} label={t('setup.terminal.copy')} />}
    </>
  );
}
