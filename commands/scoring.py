"""From data to scores: compute, judge, hand out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from commands.console import Command, Console, opened
from data.domain.levels import DRAWN, Level
from data.domain.roles import DEFAULT_ROLE
from data.errors import WrongUse
from data.workspace import Workspace

NONE, MODEL = "tanpa", "model"
"""What the options ``--lapor`` and ``--ranking`` are told to forget an earlier choice."""


def _score(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.model.scoring import assume_reporting, compute_score, retire_model
    from campaign.model.second_list import reporting_words

    if args.reason is not None and args.ranking is None:
        raise WrongUse("USAGE", detail="--reason", usage="peta-aman score --ranking NAME --reason TEXT")
    with opened(workspace) as store:
        if args.lapor is not None:
            assume_reporting(args.actor, store, "" if args.lapor == NONE else args.lapor)
        if args.ranking is not None:
            retire_model(args.actor, store, "" if args.ranking == MODEL else args.ranking, args.reason or "")
        versi = compute_score(args.actor, store, workspace, n_top=args.n_top, tell=console.progress)
        version = store.scores.needed_version()
        second = store.results.get("pelaporan", versi)
    console.say("cli.skor_selesai", versi=versi)
    for sentence in reporting_words(second, console.lang) if second else ():
        print(sentence, file=sys.stderr)
    console.say("langkah.belum_diuji_cli")
    if version.data_contoh:
        console.say("cli.data_contoh")
    console.result(
        outcome="ok",
        version=versi,
        n_top=version.n_top,
        data_contoh=version.data_contoh,
        evaluated=False,
        evaluation=version.evaluation,
        reporting={key: value for key, value in second.items() if key != "desa"} if second else None,
    )
    return 0


def _evaluate(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.documents.registry import MODEL_CARD
    from campaign.handover.document import DocumentRequest
    from campaign.handover.handing_over import hand_over_document
    from campaign.model.scoring import evaluate_score

    if args.out is not None:
        MODEL_CARD.check_format(args.out.name)
        if not args.out.parent.is_dir():
            raise WrongUse("NO_FOLDER", path=str(args.out.parent))
    with opened(workspace) as store:
        before = store.scores.version()
        result = evaluate_score(
            args.actor, store, workspace, lambda step, share: console.progress(f"model.menilai.{step}")
        )
        after = store.scores.version()
        current = after is not None and after.input_version == store.input_version()
        if args.out is not None:
            request = DocumentRequest(lang=args.lang)
            hand_over_document(args.actor, MODEL_CARD, request, args.out, store, workspace)
    if args.out is None:
        print(json.dumps(result, ensure_ascii=False, indent=1, default=str), file=sys.stderr)
    else:
        console.say("cli.kartu_ditulis", berkas=str(args.out))
    if before and after and before.versi != after.versi:
        console.say("langkah.urutan_baru", versi=after.versi)
    if not current:
        console.say("langkah.tak_disimpan")
    rest = {key: value for key, value in result.items() if key not in ("levels", "price")}
    console.result(
        outcome="ok",
        levels=result["levels"],
        price=result["price"],
        evaluation=rest,
        version=after.versi if after and current else None,
    )
    return 0


def _scores(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.documents.registry import SCORES, SECOND_LIST
    from campaign.handover.document import DocumentRequest
    from campaign.handover.handing_over import hand_over_document

    if args.lapor and args.level != "desa":
        raise WrongUse("USAGE", detail="--lapor: --level desa", usage="peta-aman scores --lapor --out FILE")
    request = DocumentRequest(lang=args.lang, purpose=args.purpose, level=args.level, role=args.role or DEFAULT_ROLE)
    with opened(workspace) as store:
        document = SECOND_LIST if args.lapor else SCORES
        handed = hand_over_document(args.actor, document, request, args.out, store, workspace)
        contoh = store.scores.needed_version().data_contoh
    console.say("cli.berkas_ditulis", berkas=str(args.out), n=handed.rows)
    if contoh:
        console.say("cli.data_contoh")
    console.result(outcome="ok", file=str(args.out), rows=handed.rows, level=args.level, data_contoh=contoh)
    return 0


def _hotspots(args: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    from campaign.documents.registry import HOTSPOTS
    from campaign.handover.document import DocumentRequest
    from campaign.handover.handing_over import hand_over_document
    from campaign.handover.hotspot_files import hotspot_rows

    with opened(workspace) as store:
        request = DocumentRequest(lang=args.lang, level=args.level)
        handed = hand_over_document(args.actor, HOTSPOTS, request, args.out, store, workspace)
        rows = hotspot_rows(args.actor, store, workspace, level=Level(args.level))  # kept by now, not computed again
    found = {
        "likely": int((rows["p_rr2"] > 0.5).sum()),
        "gi_high": int((rows["gi_kelas"] == "tinggi").sum()),
        "clusters": int(rows["klaster"].max()),
    }
    contoh = bool(rows["data_contoh"].any())
    console.say("cli.berkas_ditulis", berkas=str(args.out), n=handed.rows)
    console.say("cli.konsentrasi", n=len(rows), mungkin=found["likely"], gi=found["gi_high"], klaster=found["clusters"])
    if contoh:
        console.say("cli.data_contoh")
    console.result(outcome="ok", file=str(args.out), rows=handed.rows, level=args.level, data_contoh=contoh, **found)
    return 0


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(text)
    return value


def register(command: Command) -> None:
    """The commands of this module."""
    from campaign.handover.purposes import PURPOSES

    score = command("score", _score)
    score.add_argument("--n-top", type=_positive, default=100)
    score.add_argument("--lapor", metavar="KURVA")
    score.add_argument("--ranking", metavar="NAME")
    score.add_argument("--reason", metavar="TEXT")
    command("evaluate", _evaluate).add_argument("--out", type=Path, metavar="FILE")
    scores = command("scores", _scores)
    scores.add_argument("--out", type=Path, required=True, metavar="FILE")
    scores.add_argument("--level", choices=DRAWN, default="desa")
    scores.add_argument("--lapor", action="store_true")
    scores.add_argument("--purpose", choices=PURPOSES, default=PURPOSES[0])
    hotspots = command("hotspots", _hotspots)
    hotspots.add_argument("--out", type=Path, required=True, metavar="FILE")
    hotspots.add_argument("--level", choices=DRAWN, default="desa")
