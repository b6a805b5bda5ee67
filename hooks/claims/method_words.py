"""The words that a sentence of definition or method is made of, whatever it is about.

A list of ways to state a result has no end; that of what is done in a measurement is short. ``clauses`` lets a clause
about what is studied say these verbs, states and kinds, and refuses others.
"""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


STUDIED = _listed(
    """
    accuracy agent aiohttp allocator answer approach arm async-std attention backend bandwidth batch batching benefit
    bf16 bill bit budget buffer cache call card chip choice chunk client code collector compilation compiler compiling
    concurrency configuration connection contention context core cost cpu deadline decode decoding delay depth design
    difference disk drift driver eager effect efficiency electricity energy engine event experiment export exporting
    file finding format fp16 fp32 fp8 framework gain gap garbage gemma gil gpt-2 gpu graph hardware host host-a http
    httpx hypervisor int8 interpreter kernel language laptop latency layer length level library limit llama llama.cpp
    loading lock loop machine median memory meter method mode model neighbour network noise nvidia objective ollama
    onnx onnxruntime option order overhead padding parallelism parameter pause performance perplexity pi pool power
    precision prefill price process processor prompt provider python pytorch q4_0 q4_k_m q8_0 quality quantisation
    quantising quantization queue queueing qwen ram ranking rate reader recompilation report request reqwest result
    return run runtime rust sampling saving scaling scheduler seed sensor server session setting setup sglang shape
    size smol smollm2 socket software speculation speed spread stall start start-up stream streaming swap system tail
    target task telemetry temperature tensorrt thread threading throughput time token tokenizer tokio transport tree
    trick user uvloop variance vllm wait warm-up weight width window worker
    """
)
"""What a study is about, in the singular; a clause with one of these as its subject is held to the words below."""

ACTORS = _listed(
    """
    agent aiohttp allocator answer arm async-std backend call chunk client code collector compiler configuration
    driver engine event experiment framework gemma gpt-2 graph hardware harness host httpx interpreter kernel level
    library llama llama.cpp lock loop machine model ollama onnx onnxruntime pool process prompt provider python
    pytorch queue qwen reader report request reqwest run runtime rust scheduler sensor server session sglang smol
    smollm2 software stream system task tensorrt thread token tokenizer tokio user uvloop vllm worker
    """
)
"""What of it acts: programs, machines, and the requests and runs that are followed on their way."""

VERBS = _listed(
    """
    accept add address allocate alternate answer append apply arrive ask assign assume attach average await begin belong
    bind bracket bucket build calculate calibrate call cancel cap capture carry change check choose cite clear close
    collect combine come compare compile complete compute concatenate concern connect consist contain continue
    contribute convert copy correct correspond cost count cover create cut decide declare decode define deliver depend
    derive describe deserialise detect differ disable discard discontinue dispatch display divide document download
    drain draw drive drop emit empty enable enclose encode end enter estimate evaluate exchange exclude execute exhibit
    exist expect export expose extract extrapolate fail feed fetch file fill filter find finish fix flag follow forbid
    fork form format generate give go group handle happen hash have hold host identify ignore implement import include
    indicate inherit initialise install integrate interleave interpret invoke issue join judge keep label launch lead
    leave let lie limit link list listen live load locate lock log look make manage map mark mask match mean measure
    meet memorise merge mix model monitor mount move name need negotiate nest normalise note notify number observe occur
    offer offload omit open order own pad page pair parse partition pause perform persist pin place plan poll pool
    precede predict preload prepare present print probe process produce profile prove provide publish push quantise
    query queue randomise rank read receive recompute record recur refer reference refuse register reject release reload
    remove render repeat replace replay report request require reserve reset resolve respond restart restate restrict
    resume retry return reuse rotate round route run sample say schedule score seal see select send separate serve set
    settle share ship show sign simulate skip sort spawn speak specify split stamp stand start state stay stop store
    stream strip submit subtract sum supplement supply support suspend switch synchronise tag take tell terminate test
    throttle toggle tokenize trace track train transfer translate travel treat trigger trim truncate try turn type
    unload update upload use validate vary verify vouch wait warn watch weigh withhold wrap write yield zero
    """
)
"""What is done in a measurement, in the infinitive."""

VERBS_OF_QUANTITIES = _listed(
    """
    apply ask belong cancel change come compute concern consist contain count cover denote depend differ enclose end
    enter exclude exist express feed fix happen hold include indicate leave mean measure name promise put read refer
    report represent say see show span stand start sum take tell turn use vary
    """
)
"""What a quantity, a resource or a technique does in a definition; it is no actor that could do the others."""

PARTICIPLES = _listed(
    """
    aligned averaged based begun bound broken brought bucketed built cancelled capped chosen clamped come committed
    considered containerised controlled cut dated deployed dequantised derived designed discarded done drawn dropped
    emulated fed fitted fixed frozen given grown held hidden hosted idled included intended isolated kept known
    labelled laid left lent let licensed linked located lost made mapped meant met modelled nested numbered
    overwritten packed paid pinned planned priced proven put quoted read reconciled related repeated rerun run said
    sampled sandboxed scaled sealed seeded seen sent set shaped shared shipped shown shuffled signed situated skipped
    sorted spent split spread stopped stripped swapped taken thrown timed told torn trimmed understood unloaded
    unmeasured unpacked unpadded unquantised untested untimed untrained vendored versioned virtualised wanted weighted
    withheld written
    """
)
"""States that end in another way than those of the verbs above."""

STATES = _listed(
    """
    a above absent absolute active after against alike alone already also among an and another answered any apart as
    asked at available before behind below beside between both but by bytes cold compiled complete constant different
    dimensionless discontinued disjoint due dynamic each eager early eight either eleven embedded empty equal exact
    external few finite first five for four fresh from full greedy here hidden hollow how if in inconclusive
    independent indirect inside internal into invalid its large larger last late later less like local logarithmic
    long milliseconds missing monotonic more named near negative neither new nine none normal not null numeric of off
    old on one open optional or ordinary other others ours outside over own part partial peak per pilot plain positive
    present private public random ready real reference relative resident right same second seconds separate
    seven short shown single six small smaller static still ten text that the their there these this those three
    through to true twelve two typed unavailable under unique unit unknown unpublished unsupported until untrained
    upon valid virtual visible warm whatever when whether who whole whose with within without x zero
    """
)
"""What follows *is* in such a sentence and is neither: a place, a number, a word that nobody would measure."""

KINDS = _listed(
    """
    abbreviation adapter address aggregate algorithm alias allocation amd amount architecture area argument array
    average axis baseline beginning binary bit block boot boundary browser byte calibration case category cell change
    check checkpoint choice class clock clone column column-wise command commit comparison compiler component condition
    constant container contrast control copy core count counter cpu crate cycle data dataset date decision decoder
    default definition denominator derivative description deviation dictionary difference digest dimension directory
    distance distribution document duration edition element end entry environment error estimate evaluation event
    example exception exclusion expression extension fact factor family feature field figure flag folder fork form
    formula fraction framework function generator gpu group half hash head header histogram hour id identifier identity
    ids image implementation index input instance instruction instrument integer integral interface interpreter interval
    item iteration its json key kind label law layer letter level library licence line lineage list literal load log
    logarithm loop manifest margin mark maximum mean measure measurement median message metadata method metric middle
    minimum mixture mode moment name node note null number numerator object observation offset one ones operation
    operator order others outcome outlier outline output pacer package page pair parameter parent part pass path pause
    percentile period permutation phase pilot place placeholder plan platform point population port position power
    prediction prefix preset probability probe procedure product profile program project property protocol prototype
    provider proxy quantile quantity question queue quotient random range rank rate ratio reason record recording
    reference region registry release replicate replication repository resolution rest revision role root row rule same
    sample scale scenario scheme scope score script second section selector sensor sentence sequence series service set
    shape share sign signal simulation simulator single slice slot snapshot source space span spread square stage
    standard state statement statistic status step string study subset successor sum supplies supply system table tag
    task template tensor term terminal test text threshold tick title tool total trace trial tuple type unit upstream
    value variable variant vector version view virtual vm warning weight wheel window word work workflow workload
    wrapper year
    """
)
"""What something is said to be."""
