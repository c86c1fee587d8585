"""Search over all notes, as people of every role ask for it: common words and rare ones, some together, some begun."""
import json
import time
import urllib.parse
from dataclasses import dataclass, field

import world as worlds
from drive import Failed
from service import ask

PEOPLE = [('an org admin', 'kw_bench_admin_1'), ('a property manager', 'kw_bench_manager_1'),
          ('a worker with 500 cases', 'kw_bench_worker_1'), ('a worker with few cases', 'kw_bench_worker_2')]
QUESTIONS = ['boiler', 'garden', 'passport', 'asthma', 'piano', 'nosuchword', 'vis', 'gard', 'b',
             'boiler passport', 'garden visi', 'asthma boiler', 'visit asthma', '"boiler is mended"', '"budget sheet" garden',
             'boiler -deposit', 'café', 'благодарности']


@dataclass
class Asked:
    what: str
    finds: int = 0  # on a page of 50
    times: list[float] = field(default_factory=list)

    def at(self, percent):
        return sorted(self.times)[min(len(self.times) - 1, len(self.times) * percent // 100)] * 1000


def page(connection, token, text, cursor=None):
    """One page of finds, and how long it took."""
    path = '/api/v1/search?' + urllib.parse.urlencode({'q': text, **({'cursor': cursor} if cursor else {})})
    begun = time.monotonic()
    status, _, body = ask(connection, 'GET', path, token)
    spent = time.monotonic() - begun
    if status != 200:
        raise Failed(f'GET {path}: {status} {body[:300]!r}')
    return json.loads(body), spent


def check_rare(connection, world):
    """That paging finds each note with a rare word once, in the first organisation's cases and nowhere else."""
    wanted = {worlds.note_id(case, k, world.notes) for case in range(1, world.per_org + 1)
              for k in range(1, world.notes + 1) if 'asthma' in worlds.text(case * 100000 + k)}
    seen, cursor = [], None
    while True:
        found, _ = page(connection, 'kw_bench_admin_1', 'asthma', cursor)
        seen += [i['id'] for i in found['items']]
        if any('asthma' not in i['snippet'] for i in found['items']):
            raise Failed(f'a snippet does not show the word: {found["items"][0]["snippet"]}')
        cursor = found['next']
        if not cursor:
            break
    if seen != sorted(wanted, reverse=True):
        raise Failed(f'{len(wanted)} notes speak of asthma, {len(seen)} were found, or in another order')


def search(bench):
    """Each question by each person, in turn, so that none follows itself."""
    asked = {(who, text): Asked(f'{who}: {text}') for who, _ in PEOPLE for text in QUESTIONS}
    whole = Asked(f'all {len(asked)} of them, {bench.rounds * 10} times each')
    with bench.service() as service:
        connection = service.connect()
        check_rare(connection, bench.world)
        for _ in range(bench.rounds * 10):
            for who, token in PEOPLE:
                for text in QUESTIONS:
                    found, spent = page(connection, token, text)
                    asked[who, text].finds = len(found['items'])
                    asked[who, text].times.append(spent)
                    whole.times.append(spent)
    return [*asked.values(), whole]
