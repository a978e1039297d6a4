"""Counter-examples in plain NumPy to the formulas of false.tsv: both sides on random networks and matrices.

Nothing here is of the checker.  A row of ``PROOFS`` names the kind, the relation that is claimed, both sides as
functions of a random world, and the formulas of ``false.tsv`` that claim it.  The claim is refuted where some world
breaks it clearly; of ``!=`` where both sides are the same in every world.
"""

from types import SimpleNamespace

import numpy as np
from numpy.linalg import norm

WORLDS = 40
CLEARLY = 1e-6


def sigma(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z))


def by(f, at, h=1e-6):
    """Return the slopes of a number f by each entry of what it is taken at, by central differences."""
    at = np.asarray(at, dtype=float)
    found = np.zeros_like(at)
    for place in np.ndindex(*at.shape):
        unit = np.zeros_like(at)
        unit[place] = h
        found[place] = (f(at + unit) - f(at - unit)) / (2 * h)
    return found


def step(f, at, direction, h=1e-6):
    """Return how fast f changes along a direction."""
    return (f(at + h * direction) - f(at - h * direction)) / (2 * h)


def jacobian(f, x):
    """Return the Jacobian of a column f of a column x."""
    return np.hstack([step(f, x, unit[:, None]) for unit in np.eye(len(x))])


def onto(A):
    """Return the projection onto the columns of a tall A."""
    return A @ np.linalg.inv(A.T @ A) @ A.T


def world(seed):
    """Return letters, a unit, and networks with their gradients; sizes 4-5-3, m = 7, and numbers of any size."""
    rng = np.random.default_rng(seed)
    scale = (1.0, 0.3, 3.0, 1.0, 10.0)[seed % 5]
    w = SimpleNamespace(m=7, s=scale * rng.normal(), t=scale * rng.normal(), I=np.eye(4))
    w.A, w.B, w.C, w.S, w.R = (scale * rng.normal(size=(4, 4)) for _ in range(5))
    w.S, w.R = w.S + w.S.T, w.R + w.R.T
    w.Q = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    w.x, w.v = scale * rng.normal(size=(4, 1)), scale * rng.normal(size=(4, 1))
    # One unit.
    w.w, w.b, w.y1 = rng.normal(size=(4, 1)), rng.normal(), float(rng.integers(0, 2))
    w.z = float((w.w.T @ w.x).item() + w.b)
    w.a = sigma(w.z)
    w.L = float(np.logaddexp(0, w.z) - w.y1 * w.z)
    w.dz = w.a - w.y1
    w.dw, w.db_one = w.x * w.dz, w.dz
    # Two layers, tanh and sigmoid, one example.
    w.W1, w.b1, w.W2, w.b2 = ((1 + seed % 2) * rng.normal(size=n) for n in ((5, 4), (5, 1), (3, 5), (3, 1)))
    w.z1 = w.W1 @ w.x + w.b1
    w.a1 = np.tanh(w.z1)
    w.z2 = w.W2 @ w.a1 + w.b2
    w.a2, w.y = sigma(w.z2), rng.integers(0, 2, size=(3, 1)).astype(float)
    w.dz2 = w.a2 - w.y
    w.da1, w.dW2 = w.W2.T @ w.dz2, w.dz2 @ w.a1.T
    w.dz1 = w.da1 * (1 - w.a1**2)
    w.dW1 = w.dz1 @ w.x.T
    # The same network on m examples, and one unit on them.
    X, w.Y = rng.normal(size=(4, w.m)), rng.integers(0, 2, size=(3, w.m)).astype(float)
    w.A2 = sigma(w.W2 @ np.tanh(w.W1 @ X + w.b1) + w.b2)
    w.dZ2 = w.A2 - w.Y
    w.db = float(np.mean(sigma(w.w.T @ X + w.b) - w.Y[:1]))
    return w


#: (kind, relation, both sides, the formulas of false.tsv)
PROOFS = (
    ("nested", "=", lambda w: (w.dz2, 3 * w.y),
     ("F001 F002 F003 F004 F005 F006 F007 F008 F009 F010 F011 F012 F013 F014 F015 F016 F017 F018 F019 F020 F021 "
      "F022 F023 F024 F025 F026 F027 F028 F029 F030 F031 F032 F033 F034 F035 F036")),
    ("nested", "=", lambda w: (w.dz, w.y - w.a), "F037 F038 F039 F040 F041 F042 F043 F044 F045 F046 F047 F048"),
    ("line", "=", lambda w: (w.dz2, w.a2 - w.y - 2 * w.a2),
     ("F049 F050 F051 F052 F053 F054 F055 F056 F057 F058 F059 F060 F061 F062 F063 F064")),
    ("line", "=", lambda w: (w.da1, 2 * w.W2.T @ w.dz2), "F065 F066 F067 F068 F069"),
    ("reason", "=", lambda w: (w.dz2, w.a2 - w.y - 2 * w.y),
     ("F070 F071 F072 F073 F074 F075 F076 F077 F078 F079 F080 F081 F082 F083 F084 F085 F086 F087 F088")),
    ("reason", "=", lambda w: (w.a2, 0 * w.a2 + 3),
     ("F089 F090 F091 F092 F093 F094 F095 F096 F097 F098 F099 F100 F101 F102 F103 F104")),
    ("remark", "=", lambda w: (w.dw, 2 * w.x * w.dz),
     ("F105 F106 F107 F108 F109 F110 F111 F112 F113 F114 F115 F116 F117 F118 F119 F120 F121 F122 F123 F124")),
    ("remark", "=", lambda w: (w.dZ2, w.Y - w.A2), "F125 F126 F127 F128 F129 F130 F131 F132 F133 F134 F135 F136"),
    ("redefined", "=", lambda w: (w.dz1, w.da1),
     ("F137 F138 F139 F140 F141 F142 F143 F144 F145 F146 F147 F148 F149 F150 F151 F152 F153 F154 F155 F156 F157 "
      "F158 F159 F160 F161")),
    ("redefined", "=", lambda w: (w.a1, w.z1), "F162 F163 F164 F165 F166 F167 F168 F169 F170 F171 F172 F173 F174"),
    ("redefined", "=", lambda w: (w.a, w.z), "F175 F176 F177 F178 F179 F180 F181 F182 F183 F184"),
    ("redefined", "=", lambda w: (w.L, w.a - w.y), "F185 F186 F187 F188 F189 F190 F191"),
    ("redefined", "=", lambda w: (w.db, w.m * w.db), "F192 F193 F194 F195 F196 F197 F198 F199 F200 F201"),
    ("redefined", "=", lambda w: (w.A.T, -w.A), "F202 F203 F204 F205 F206 F207 F208 F209"),
    ("redefined", "=", lambda w: (np.trace(w.A), np.linalg.det(w.A)), "F210 F211 F212 F213 F214 F215"),
    ("redefined", "=", lambda w: (np.exp(1.0), 1.0), "F216 F217 F218 F219 F220"),
    ("redefined", "=", lambda w: (np.eye(3), 2 * np.eye(3)), "F221 F222 F223 F224 F225 F226"),
    ("sizes", "=", lambda w: (np.linalg.det(3 * w.A), 9 * np.linalg.det(w.A)), "F291 F292 F293"),
    ("sizes", "=", lambda w: (np.linalg.det(w.t * w.A), w.t**2 * np.linalg.det(w.A)), "F294"),
    ("sizes", "=", lambda w: (np.linalg.det(2 * w.A), 2 * np.linalg.det(w.A)), "F295"),
    ("sizes", "=", lambda w: (np.linalg.det(w.t * w.A), w.t * np.linalg.det(w.A)), "F296"),
    ("sizes", "=", lambda w: (np.linalg.det(2 * w.A), 8 * np.linalg.det(w.A)), "F297 F306"),
    ("sizes", "=", lambda w: (np.linalg.det(-w.A), -np.linalg.det(w.A)), "F298 F299"),
    ("sizes", "=", lambda w: (np.linalg.det(w.A.T @ w.A), np.linalg.det(w.A)), "F300"),
    ("sizes", "=", lambda w: (np.linalg.det(w.A + w.B), np.linalg.det(w.A) + np.linalg.det(w.B)), "F301 F302"),
    ("sizes", "=", lambda w: (np.linalg.det(w.I + w.A), 1 + np.linalg.det(w.A)), "F303"),
    ("sizes", "=", lambda w: (np.linalg.det(w.I + w.A), 1 + np.trace(w.A)), "F304"),
    ("sizes", "=", lambda w: (np.linalg.det(w.I + w.A), 1 + np.trace(w.A) + np.linalg.det(w.A)), "F305"),
    ("sizes", "=", lambda w: (np.linalg.det(2 * w.A), 4 * np.linalg.det(w.A)), "F307"),
    ("sizes", "=", lambda w: (np.linalg.det(np.linalg.inv(w.A)), np.linalg.det(w.A)), "F308"),
    ("sizes", "=", lambda w: (w.x.sum(), w.x[:3].sum()), "F321"),
    ("sizes", "=", lambda w: (w.x[:2].sum(), w.x.sum()), "F324"),
    ("sizes", "=", lambda w: ((w.x**2).sum(), (w.x[:3] ** 2).sum()), "F325"),
    ("sizes", "=", lambda w: (w.x.T @ w.v, w.x[:2].T @ w.v[:2]), "F326"),
    ("sizes", "=", lambda w: (np.trace(w.A), np.trace(w.A[:2, :2])), "F327 F330"),
    ("sizes", "=", lambda w: (np.trace(w.A), np.trace(w.A[:3, :3])), "F328"),
    ("sizes", "=", lambda w: (np.linalg.det(w.A), np.linalg.det(w.A[:2, :2])), "F329"),
    ("sizes", "=", lambda w: ((w.A @ w.B)[0, 0], (w.A[:, :2] @ w.B[:2])[0, 0]), "F336"),
    ("sizes", "=", lambda w: (norm(w.A) ** 2, norm(w.A[:2, :2]) ** 2), "F337"),
    ("sizes", "=", lambda w: (w.A @ w.A, np.trace(w.A) * w.A - np.linalg.det(w.A) * w.I), "F338 F339 F342"),
    ("sizes", "=", lambda w: (np.trace(w.A @ w.A), np.trace(w.A) ** 2 - 2 * np.linalg.det(w.A)), "F343"),
    ("sizes", "=", lambda w: (np.trace(np.linalg.inv(w.A)) * np.linalg.det(w.A), np.trace(w.A)), "F345"),
    ("kinds", "=", lambda w: (w.Q, w.Q.T), "F346 F347 F350"),
    ("kinds", "=", lambda w: (w.Q @ w.Q, w.I), "F348 F349 F351"),
    ("kinds", "=", lambda w: (np.trace(w.Q), 0.0), "F354"),
    ("kinds", "=", lambda w: (np.linalg.det(w.Q), 1.0), "F355"),
    ("kinds", "=", lambda w: (w.Q @ w.A, w.A @ w.Q), "F359"),
    ("kinds", "=", lambda w: (w.Q @ w.A @ w.Q.T, w.A), "F360"),
    ("kinds", "=", lambda w: (w.Q @ w.x, w.x), "F361"),
    ("kinds", "=", lambda w: (w.S @ w.R, w.R @ w.S), "F364 F365 F366"),
    ("kinds", "=", lambda w: (w.S @ w.S, w.S), "F369"),
    ("kinds", "=", lambda w: (w.S @ w.S, w.I), "F370"),
    ("kinds", "=", lambda w: (np.linalg.inv(w.S), w.S.T), "F371"),
    ("kinds", "=", lambda w: (w.A @ w.B, w.B @ w.A), "F376"),
    ("kinds", "=", lambda w: (w.A.T, np.linalg.inv(w.A)), "F378"),
    ("kinds", "=", lambda w: (w.A.T, w.A), "F379 F380 F381"),
    ("matrix", "=", lambda w: (w.A @ w.B, w.B @ w.A), "F385 F399"),
    ("matrix", "=", lambda w: ((w.A @ w.B).T, w.A.T @ w.B.T), "F386 F402 F407"),
    ("matrix", "=", lambda w: (np.linalg.inv(w.A @ w.B), np.linalg.inv(w.A) @ np.linalg.inv(w.B)), "F387 F401"),
    ("matrix", "=", lambda w: ((w.A + w.B) @ (w.A + w.B), w.A @ w.A + 2 * w.A @ w.B + w.B @ w.B), "F388"),
    ("matrix", "=", lambda w: ((w.A + w.B) @ (w.A - w.B), w.A @ w.A - w.B @ w.B), "F389"),
    ("matrix", "=", lambda w: (np.linalg.inv(w.A + w.B), np.linalg.inv(w.A) + np.linalg.inv(w.B)), "F390 F400"),
    ("matrix", "=", lambda w: (w.A @ w.B @ np.linalg.inv(w.A), w.B), "F391"),
    ("matrix", "=", lambda w: (w.A @ w.B @ w.A @ w.B, w.A @ w.A @ w.B @ w.B), "F392"),
    ("matrix", "=", lambda w: (w.A.T @ w.A, w.A @ w.A.T), "F393"),
    ("matrix", "=", lambda w: (np.linalg.inv(w.A.T), np.linalg.inv(w.A)), "F394"),
    ("matrix", "=", lambda w: (np.linalg.inv(w.A) @ w.B, w.B @ np.linalg.inv(w.A)), "F395"),
    ("matrix", "=", lambda w: (w.A * w.B, w.A @ w.B), "F396"),
    ("matrix", "=", lambda w: ((w.A * w.B) @ w.x, w.A @ (w.B @ w.x)), "F397"),
    ("matrix", "=", lambda w: (w.x @ w.v.T, w.v @ w.x.T), "F404"),
    ("matrix", "=", lambda w: (w.x @ w.v.T, w.x.T @ w.v), "F405"),
    ("matrix", "=", lambda w: (w.x @ w.x.T, (w.x.T @ w.x) * w.I), "F406"),
    ("matrix", "=", lambda w: (np.trace(w.A @ w.B), np.trace(w.A) * np.trace(w.B)), "F408 F409"),
    ("matrix", "=", lambda w: (np.trace(w.A @ w.B @ w.C), np.trace(w.A @ w.C @ w.B)), "F410"),
    ("matrix", "=", lambda w: (np.trace(w.A @ w.B @ w.C), np.trace(w.B @ w.A @ w.C)), "F411"),
    ("matrix", "=", lambda w: (np.trace(w.A.T @ w.B), np.trace(w.A @ w.B)), "F412"),
    ("matrix", "=", lambda w: (np.trace(w.A @ w.A), np.trace(w.A) ** 2), "F413"),
    ("matrix", "=", lambda w: (np.trace(w.A.T @ w.A), np.trace(w.A @ w.A)), "F414"),
    ("matrix", "=", lambda w: (norm(w.A @ w.B), norm(w.A) * norm(w.B)), "F415"),
    ("matrix", "=", lambda w: (norm(w.A + w.B), norm(w.A) + norm(w.B)), "F416"),
    ("matrix", "=", lambda w: (norm(w.x + w.v), norm(w.x) + norm(w.v)), "F417 F423"),
    ("matrix", "=", lambda w: (norm(w.x + w.v) ** 2, norm(w.x) ** 2 + norm(w.v) ** 2), "F418"),
    ("matrix", "=", lambda w: (norm(w.x - w.v), norm(w.x) - norm(w.v)), "F419"),
    ("matrix", "=", lambda w: (abs(w.x.T @ w.v), norm(w.x) * norm(w.v)), "F420"),
    ("matrix", "=", lambda w: (np.trace(np.linalg.inv(w.A)), 1 / np.trace(w.A)), "F421 F422"),
    ("matrix", "=", lambda w: (norm(w.A @ w.x), norm(w.A) * norm(w.x)), "F424"),
    ("matrix", "=", lambda w: (norm(2 * w.x) ** 2, 2 * norm(w.x) ** 2), "F425"),
    ("matrix", "=", lambda w: (norm(-w.x), -norm(w.x)), "F426"),
    ("matrix", "=", lambda w: ((w.A + w.A.T) @ w.x, 2 * w.A @ w.x), "F427 F430 F431"),
    ("matrix", "=", lambda w: (w.x.T @ (w.A + w.A.T), 2 * w.x.T @ w.A), "F428"),
    ("matrix", "=", lambda w: (2 * w.x, w.x), "F433 F438"),
    ("matrix", "=", lambda w: (2 * w.A, w.A), "F437"),
    ("inequality", ">", lambda w: (w.t, w.t**2), "F468"),
    ("inequality", ">", lambda w: (2 * w.t, w.t), "F469"),
    ("inequality", ">", lambda w: (w.t + w.s, w.t), "F470"),
    ("inequality", ">", lambda w: (w.t**3, w.t), "F473"),
    ("inequality", ">", lambda w: (w.x[0], 0.0), "F474"),
    ("inequality", ">", lambda w: (w.A[0, 0], 0.0), "F475"),
    ("inequality", ">", lambda w: (w.x.T @ w.v, 0.0), "F476"),
    ("inequality", ">", lambda w: (np.trace(w.A), 0.0), "F478"),
    ("inequality", ">", lambda w: (np.trace(w.A @ w.B), 0.0), "F479"),
    ("inequality", ">", lambda w: (w.x.T @ w.A @ w.x, 0.0), "F480"),
    ("inequality", ">", lambda w: (np.linalg.det(w.A), 0.0), "F481"),
    ("inequality", ">", lambda w: (np.tanh(w.t), 0.0), "F482"),
    ("inequality", ">", lambda w: (w.x.sum(), 0.0), "F484"),
    ("inequality", ">", lambda w: (np.sinh(w.t), 0.0), "F485"),
    ("inequality", "<", lambda w: (w.t, 1.0), "F487"),
    ("inequality", "<", lambda w: (abs(w.t), 1.0), "F489"),
    ("inequality", "<", lambda w: (w.t**2, w.t), "F492"),
    ("inequality", "<", lambda w: (norm(w.x), 1.0), "F494 F571"),
    ("inequality", "<", lambda w: (w.x.T @ w.v, 1.0), "F496"),
    ("inequality", "<", lambda w: (abs(np.linalg.det(w.A)), 1.0), "F499"),
    ("inequality", "<", lambda w: (np.trace(w.A), 1.0), "F500"),
    ("inequality", "<", lambda w: (norm(w.A), 1.0), "F501"),
    ("inequality", "<", lambda w: (norm(w.x) ** 2, norm(w.x)), "F512"),
    ("inequality", "<", lambda w: (norm(w.x + w.v), norm(w.x)), "F513"),
    ("inequality", "<", lambda w: (norm(w.x + w.v), norm(w.x - w.v)), "F514"),
    ("inequality", "<", lambda w: (abs(w.s + w.t), abs(w.s - w.t)), "F516"),
    ("inequality", "<", lambda w: (norm(w.A @ w.x), norm(w.x)), "F521"),
    ("inequality", "<", lambda w: (np.trace(w.A @ w.B), np.trace(w.A)), "F522"),
    ("inequality", "<", lambda w: (w.x.T @ w.A @ w.x, w.x.T @ w.x), "F523"),
    ("inequality", "<", lambda w: (np.linalg.det(w.A), np.trace(w.A)), "F524"),
    ("inequality", "<", lambda w: (norm(w.A @ w.B), norm(w.A)), "F525"),
    ("inequality", "<", lambda w: (np.trace(w.A) ** 2, np.trace(w.A @ w.A)), "F526"),
    ("inequality", "<", lambda w: (np.trace(w.A @ w.A), np.trace(w.A) ** 2), "F527"),
    ("inequality", ">", lambda w: (w.z, 0.0), "F531 F532 F533"),
    ("inequality", ">", lambda w: (w.dz, 0.0), "F534 F535"),
    ("inequality", ">", lambda w: (w.dw, 0.0), "F536"),
    ("inequality", ">", lambda w: (w.w, 0.0), "F537"),
    ("inequality", ">", lambda w: (w.b, 0.0), "F538"),
    ("inequality", ">", lambda w: (w.x, 0.0), "F539 F618"),
    ("inequality", ">", lambda w: (w.w.T @ w.x, 0.0), "F541"),
    ("inequality", ">", lambda w: (w.a, 0.5), "F547 F548 F549"),
    ("inequality", ">", lambda w: (w.a, w.y1), "F550 F551"),
    ("inequality", ">", lambda w: (w.L, 0.5), "F553 F621"),
    ("inequality", ">", lambda w: (w.L, 1.0), "F554"),
    ("inequality", ">", lambda w: (w.a, 1 - w.a), "F556"),
    ("inequality", "<", lambda w: (w.L, 5.0), "F561"),
    ("inequality", "<", lambda w: (w.L, 3.0), "F562"),
    ("inequality", "<", lambda w: (w.z, 1.0), "F565"),
    ("inequality", "<", lambda w: (w.z, 3.0), "F566"),
    ("inequality", "<", lambda w: (w.z, 4.0), "F567"),
    ("inequality", "<", lambda w: (abs(w.z), 4.0), "F568"),
    ("inequality", "<", lambda w: (norm(w.w), 2.0), "F570"),
    ("inequality", "<", lambda w: (norm(w.x), 3.0), "F572"),
    ("inequality", "<", lambda w: (norm(w.dw), 1.0), "F576"),
    ("inequality", "<", lambda w: (abs(w.dz), 0.5), "F587"),
    ("inequality", "<", lambda w: (abs(w.a - w.y1), 0.5), "F588"),
    ("inequality", "<", lambda w: (w.dz, 0.5), "F589"),
    ("inequality", ">", lambda w: (w.a1, 0.0), "F601 F602 F613"),
    ("inequality", ">", lambda w: (w.z1, 0.0), "F603"),
    ("inequality", ">", lambda w: (w.z2, 0.0), "F604"),
    ("inequality", ">", lambda w: (w.W1, 0.0), "F605 F711"),
    ("inequality", ">", lambda w: (w.W2, 0.0), "F606"),
    ("inequality", ">", lambda w: (w.dz1, 0.0), "F608 F614"),
    ("inequality", ">", lambda w: (w.dz2, 0.0), "F609"),
    ("inequality", ">", lambda w: (w.da1, 0.0), "F610"),
    ("inequality", ">", lambda w: (w.dW2, 0.0), "F611"),
    ("inequality", ">", lambda w: (w.dW1, 0.0), "F617"),
    ("inequality", ">", lambda w: (w.W2.T @ w.dz2, 0.0), "F619"),
    ("inequality", "<", lambda w: (abs(w.z1[0]), 5.0), "F622"),
    ("inequality", "<", lambda w: (norm(w.z1), 5.0), "F623"),
    ("inequality", "<", lambda w: (norm(w.W2), 5.0), "F625"),
    ("unequal", "!=", lambda w: (np.trace(w.A + w.B), np.trace(w.A) + np.trace(w.B)), "F738 F739"),
    ("unequal", "!=", lambda w: ((w.A @ w.B).T, w.B.T @ w.A.T), "F740"),
    ("unequal", "!=", lambda w: (np.linalg.inv(w.A @ w.B), np.linalg.inv(w.B) @ np.linalg.inv(w.A)), "F744 F745"),
    ("unequal", "!=", lambda w: (np.square(w.s - w.t), w.s**2 - 2 * w.s * w.t + w.t**2), "F746"),
    ("unequal", "!=", lambda w: (np.tanh(w.t), np.sinh(w.t) / np.cosh(w.t)), "F753"),
    ("unequal", "!=", lambda w: (w.da1, w.W2.T @ w.dz2), "F784 F785"),
    ("unequal", "!=", lambda w: (w.dz1, w.da1 * (1 - w.a1**2)), "F786 F787"),
    ("drowned", "=", lambda w: (w.dz2 * (1 + 1e-4), w.dz2), "F799"),
    ("drowned", "=", lambda w: (w.dz2, 3 * w.y), "F803"),
    ("drowned", "=", lambda w: (w.s, w.t), "F812"),
    ("function", "=", lambda w: (np.sinh(2 * w.t), 2 * np.sinh(w.t)), "F1059"),
    ("function", "=", lambda w: (np.exp(w.s + w.t), np.exp(w.s) + np.exp(w.t)), "F1060 F1061"),
    ("function", "=", lambda w: (np.tanh(w.s + w.t), np.tanh(w.s) + np.tanh(w.t)), "F1062"),
    ("function", "=", lambda w: (sigma(2 * w.t), 2 * sigma(w.t)), "F1063"),
    ("function", "=", lambda w: (sigma(-w.t), -sigma(w.t)), "F1065"),
    ("function", "=", lambda w: (np.tanh(-w.t), np.tanh(w.t)), "F1066"),
    ("norm", "=", lambda w: (norm(w.A, 1), norm(w.A)), "F1147"),
    ("norm", "=", lambda w: (norm(w.A, np.inf), norm(w.A)), "F1148"),
    ("norm", "=", lambda w: (norm(w.x, 1), norm(w.x)), "F1149"),
    ("norm", "=", lambda w: (norm(w.x, np.inf), norm(w.x)), "F1150"),
    ("norm", "=", lambda w: (norm(w.A, 'nuc'), norm(w.A)), "F1154"),
    ("norm", "=", lambda w: (norm(w.A, 2) ** 2, norm(w.A) ** 2), "F1156"),
    ("norm", "=", lambda w: (norm(w.x, 1), w.x.sum()), "F1157"),
    ("norm", "=", lambda w: (norm(w.A) ** 2, np.trace(w.A @ w.A)), "F1165"),
    ("norm", "=", lambda w: (norm(w.A), np.trace(w.A.T @ w.A)), "F1166"),
    ("norm", "=", lambda w: (norm(w.x), w.x.T @ w.x), "F1167"),
    ("world", ">", lambda w: (w.z1, 0.0), "F1430"),
    # Texts that define, declare and set conditions.
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (X @ w.B)), w.A), w.B.T @ w.C), "F1557"),
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (X @ w.B)), w.A), w.C @ w.B), "F1558"),
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (w.A @ X)), w.B), w.C @ w.A.T), "F1559"),
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (w.A @ X)), w.B), w.A @ w.C), "F1560"),
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (w.B @ X)), w.A), w.C @ w.B.T), "F1561"),
    ("defined", "=", lambda w: (by(lambda W: np.sum(w.C * (W @ w.A)), w.B), w.C @ w.A), "F1562"),
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (X @ w.B)), w.A), w.C), "F1563"),
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (w.A @ X @ w.B)), w.S), w.A @ w.C @ w.B), "F1564"),
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (w.A @ X @ w.B)), w.S), w.B.T @ w.C @ w.A.T), "F1565"),
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (X.T @ w.B)), w.A), w.C @ w.B.T), "F1566"),
    ("defined", "=", lambda w: (by(lambda X: np.sum(w.C * (X @ X.T)), w.A), w.C @ w.A), "F1567"),
    ("defined", "=", lambda w: (w.A, w.A.T), "F1568"),
    ("defined", "=", lambda w: (by(lambda x: np.sum(w.v * (w.A @ x)), w.x), w.A @ w.v), "F1569"),
    ("defined", "=", lambda w: (by(lambda W: np.sum(w.v * (W @ w.x)), w.A), w.x @ w.v.T), "F1570"),
    ("defined", "=", lambda w: (w.B @ w.A, w.A @ w.B), "F1571"),
    ("defined", "=", lambda w: (by(lambda x: (x.T @ w.A @ x).item(), w.x), 2 * w.A @ w.x), "F1572"),
    ("defined", "=", lambda w: (by(lambda x: np.sum(x * x), w.x), w.x), "F1573"),
    ("defined", "=", lambda w: (by(lambda x: np.sum((w.A @ x - w.v) ** 2), w.x), 2 * w.A @ (w.A @ w.x - w.v)), "F1574"),
    ("defined", "=", lambda w: (by(lambda x: np.sum((w.A @ x - w.v) ** 2), w.x), w.A.T @ (w.A @ w.x - w.v)), "F1575"),
    ("defined", "=", lambda w: (by(lambda X: np.trace(w.A @ X @ w.B), w.C), w.A @ w.B), "F1576"),
    ("defined", "=", lambda w: (by(lambda X: np.log(abs(np.linalg.det(X))), w.A), w.A), "F1577"),
    ("defined", "=", lambda w: ((w.A @ w.x).T @ (w.B @ w.x), w.x.T @ w.A @ w.B @ w.x), "F1578"),
    ("defined", "=", lambda w: ((w.x + w.v).T @ (w.x - w.v), w.x.T @ w.x + w.v.T @ w.v), "F1579"),
    ("defined", "=", lambda w: (onto(w.A[:, :2]) @ onto(w.A[:, :2]), w.I), "F1580"),
    ("defined", "=", lambda w: (onto(w.A[:, :2]).T, -onto(w.A[:, :2])), "F1581"),
    ("defined", "=", lambda w: ((w.A @ w.B).T, w.A.T @ w.B.T), "F1582"),
    ("defined", "=", lambda w: (np.linalg.inv(w.A @ w.B), np.linalg.inv(w.A) @ np.linalg.inv(w.B)), "F1583"),
    ("defined", "=", lambda w: (np.linalg.det(w.A @ w.B), np.linalg.det(w.A) + np.linalg.det(w.B)), "F1584"),
    ("defined", "=", lambda w: ((w.A + w.B) @ (w.A + w.B), w.A @ w.A + 2 * w.A @ w.B + w.B @ w.B), "F1585"),
    ("defined", "=", lambda w: (by(np.tanh, w.t), 1 - np.tanh(w.t)), "F1586"),
    ("defined", "=", lambda w: (by(sigma, w.t), sigma(w.t) * (1 + sigma(w.t))), "F1587"),
    ("defined", "=", lambda w: (jacobian(softmax, w.x), np.diag(softmax(w.x).ravel())), "F1588"),
    ("defined", "=",
     lambda w: (jacobian(lambda x: np.tanh(w.A @ x), w.x), np.diag(1 - np.tanh(w.A @ w.x).ravel()) @ w.A), "F1589"),
    ("defined", "=",
     lambda w: (jacobian(lambda x: sigma(w.A @ x), w.x),
                w.A @ np.diag(by(lambda z: np.sum(sigma(z)), w.A @ w.x).ravel())), "F1590"),
    ("defined", "=",
     lambda w: (by(lambda x: np.sum(w.v * (w.B @ np.tanh(w.A @ x))), w.x), w.A.T @ w.B.T @ w.v), "F1591"),
    ("defined", "=", lambda w: (by(lambda x: np.sum(w.v * (w.A @ x)), w.x), w.A @ w.v), "F1592"),
    ("defined", "=", lambda w: (w.A @ w.x, w.B @ w.x), "F1593"),
    ("defined", "=", lambda w: ((w.s + w.t) ** 2, w.s**2 + w.t**2), "F1594"),
    ("defined", "=", lambda w: (3.0**2, 6.0), "F1595"),
    ("defined", "=", lambda w: (w.A @ w.A.T, w.A.T @ w.A), "F1596"),
    ("defined", "=", lambda w: (np.linalg.det(w.A @ w.A), 2 * np.linalg.det(w.A)), "F1597"),
    ("defined", "=", lambda w: (w.A.T @ np.linalg.solve(w.A, w.v), w.v), "F1598"),
    ("given-function", "=", lambda w: (by(lambda z: z**2, w.t), w.t), "F1599"),
    ("given-function", "=", lambda w: ((2 * w.t) ** 2, 2 * w.t**2), "F1600"),
    ("given-function", "=", lambda w: (by(lambda z: z**3, w.t), 3 * w.t), "F1601"),
    ("given-function", "=", lambda w: ((w.s + w.t) ** 2, w.s**2 + w.t**2), "F1602"),
    ("given-function", "=", lambda w: (by(np.exp, w.t), w.t * np.exp(w.t)), "F1603"),
    ("given-function", "=", lambda w: (by(np.tanh, w.t), 1 - np.tanh(w.t)), "F1604"),
    ("given-function", "=", lambda w: (sigma(-w.t), sigma(w.t)), "F1605"),
    ("given-function", "=", lambda w: (by(lambda x: (x.T @ w.A @ x).item(), w.x).T, 2 * w.x.T @ w.A), "F1606"),
    ("given-function", "=", lambda w: (4 * w.x.T @ w.A @ w.x, 2 * w.x.T @ w.A @ w.x), "F1607"),
    ("given-function", "=", lambda w: (w.A @ (w.x + w.v) + w.v, w.A @ w.x + w.A @ w.v + 2 * w.v), "F1608"),
    ("given-function", "=", lambda w: (jacobian(lambda x: w.A @ x, w.x), w.A.T), "F1609"),
    ("given-function", "=", lambda w: (np.linalg.det(w.A @ w.B), np.linalg.det(w.A) + np.linalg.det(w.B)), "F1610"),
    ("given-function", "=", lambda w: ((w.A + w.B) @ (w.A + w.B), w.A @ w.A + w.B @ w.B), "F1611"),
    ("given-function", "=", lambda w: (by(lambda z: w.s**2 * z, w.t), 2 * w.s * w.t), "F1612"),
    ("given-function", "=", lambda w: (w.t * w.t, 2 * w.t), "F1613"),
    ("given-function", "=", lambda w: (by(lambda z: z**2 + 1, w.t), 2 * w.t + 1), "F1614"),
    ("given-function", "=", lambda w: (by(lambda z: z**2, 3.0), 9.0), "F1615"),
    ("given-function", "=", lambda w: (by(lambda z: 1 / z, w.t), -1 / w.t), "F1616"),
    ("given-function", "=", lambda w: ((w.t + w.s) ** 2 - w.t**2, 2 * w.t * w.s), "F1617"),
    ("given-function", "=", lambda w: (np.log(6.0), np.log(2.0) * np.log(3.0)), "F1618"),
    ("given-function", "=",
     lambda w: (by(lambda x: np.sum((w.A @ x - w.v) ** 2), w.x), 2 * w.A @ (w.A @ w.x - w.v)), "F1619"),
    ("given-function", "=", lambda w: (w.t**2, w.t**3), "F1620"),
    ("given-function", "=", lambda w: (by(np.abs, -1.5), 1.0), "F1621"),
    ("given-function", "=", lambda w: ((w.A @ w.x).T @ (w.A @ w.x), w.x.T @ w.x), "F1622"),
    ("unknown-function", "=", lambda w: (np.cos(w.s + w.t), np.cos(w.s) + np.cos(w.t)), "F1623"),
    ("unknown-function", "=", lambda w: (np.cos(2 * w.t), 2 * np.cos(w.t)), "F1624"),
    ("unknown-function", "=", lambda w: (np.mean(w.A * w.B), np.mean(w.A) * np.mean(w.B)), "F1625"),
    ("unknown-function", "=", lambda w: (np.var(w.A + w.B), np.var(w.A) + np.var(w.B)), "F1626"),
    ("unknown-function", "=", lambda w: (np.cos(w.t), w.t * np.cos(1.0)), "F1627"),
    ("unknown-function", "=", lambda w: (np.cos(w.s * w.t), np.cos(w.s) * w.t), "F1628"),
    ("unknown-function", "=", lambda w: (-np.sin(w.t), np.cos(1.0) * w.t), "F1629"),
    ("unknown-function", "=", lambda w: (np.cos(w.s + w.t), np.cos(w.s) + np.cos(w.t)), "F1630"),
    ("unknown-function", "=", lambda w: (np.cos(w.s + w.t), np.cos(w.s) + np.cos(w.t)), "F1631"),
    ("unknown-function", "=", lambda w: (np.cos(2.0), 2 * np.cos(1.0)), "F1632"),
    ("unknown-function", "=", lambda w: (np.cos(-w.t), -np.cos(w.t)), "F1633"),
    ("unknown-function", "=", lambda w: (np.cos(w.s + w.t), np.cos(w.s) + np.cos(w.t)), "F1634"),
    ("unknown-function", "=", lambda w: (np.cos(w.x + w.v), np.cos(w.x) + np.cos(w.v)), "F1635"),
    ("unknown-function", "=", lambda w: (np.cos(w.s + w.t), np.cos(w.s) + np.cos(w.t)), "F1636"),
    ("unknown-function", "=", lambda w: (np.cos(2 * w.t), 2 * np.cos(w.t)), "F1637"),
    ("unknown-function", "=", lambda w: (np.cos(w.A), w.A * np.cos(1.0)), "F1638"),
    ("unknown-function", "=", lambda w: (np.cos(w.t), np.cos(1.0)), "F1639"),
    ("unknown-function", "=",
     lambda w: (step(np.linalg.inv, w.A, w.B), -np.linalg.inv(w.A) @ np.linalg.inv(w.A) @ w.B), "F1640"),
    ("unknown-function", "=", lambda w: (step(lambda x: x.T @ x, w.x, w.v), w.x.T @ w.v), "F1641"),
    ("declared", "=", lambda w: (by(lambda x: (x.T @ w.A @ x).item(), w.x).T, 2 * w.x.T @ w.A), "F1642"),
    ("declared", "=", lambda w: (np.linalg.det(2 * w.A), 2 * np.linalg.det(w.A)), "F1643"),
    ("declared", "=", lambda w: (np.linalg.det(-w.A), -np.linalg.det(w.A)), "F1644"),
    ("declared", "=", lambda w: (w.x.T @ w.x, 4.0), "F1645"),
    ("declared", "=", lambda w: (np.sum(w.x[:3]), w.x[0, 0] + w.x[1, 0]), "F1646"),
    ("declared", "=", lambda w: (w.A.T, w.A), "F1647"),
    ("declared", "=", lambda w: (w.A @ w.B, w.B @ w.A), "F1648"),
    ("declared", "=", lambda w: (np.linalg.det(w.A[:2, :2]), w.A[0, 0] * w.A[1, 1] + w.A[0, 1] * w.A[1, 0]), "F1649"),
    ("declared", "=", lambda w: (w.x @ w.v.T, w.v @ w.x.T), "F1650"),
    ("declared", "=", lambda w: (np.sqrt((-3.0) ** 2), -3.0), "F1651"),
    ("declared", "=", lambda w: (np.linalg.det(w.A[:3] @ w.B[:, :3]), np.linalg.det(w.B[:, :3] @ w.A[:3])), "F1652"),
    ("declared", "=", lambda w: (np.trace(w.A @ w.A), np.trace(w.A) ** 2), "F1653"),
    ("declared", "=", lambda w: (np.linalg.det(w.t * w.A), w.t * np.linalg.det(w.A)), "F1654"),
    ("declared", "=", lambda w: (w.A @ w.A.T, w.I), "F1655"),
    ("whole-sizes", "=", lambda w: (np.linalg.det(w.A @ w.B), np.linalg.det(w.A) + np.linalg.det(w.B)), "F1656"),
    ("whole-sizes", "=", lambda w: (np.trace(w.A @ w.B), np.trace(w.A) * np.trace(w.B)), "F1657"),
    ("whole-sizes", "=", lambda w: (w.x * w.v, w.x + w.v), "F1658"),
    ("whole-sizes", "=", lambda w: (np.trace(w.A @ w.B @ w.C), np.trace(w.A @ w.C @ w.B)), "F1659"),
    ("whole-sizes", "=", lambda w: (np.linalg.inv(w.A @ w.B), np.linalg.inv(w.A) @ np.linalg.inv(w.B)), "F1660"),
    ("whole-sizes", "=", lambda w: (np.linalg.det(np.linalg.inv(w.A)), np.linalg.det(w.A)), "F1661"),
    ("whole-sizes", "=", lambda w: (np.linalg.det(w.A + w.B), np.linalg.det(w.A) + np.linalg.det(w.B)), "F1662"),
    ("whole-sizes", "=", lambda w: (w.A @ w.x, w.A.T @ w.x), "F1663"),
    ("whole-sizes", "=", lambda w: (w.x.T @ w.A @ w.v, w.v.T @ w.A @ w.x), "F1664"),
    ("whole-sizes", "=", lambda w: (np.trace(w.A.T @ w.B), np.trace(w.A @ w.B)), "F1665"),
    ("whole-sizes", "=", lambda w: (jacobian(lambda x: w.t * x, w.x), w.I), "F1666"),
    ("whole-sizes", "=", lambda w: (jacobian(lambda x: w.t * x, w.x), w.t**2 * w.I), "F1667"),
    ("whole-sizes", "=", lambda w: ((w.A + w.I) @ (w.A + w.I), w.A @ w.A + w.A + w.I), "F1668"),
    ("whole-sizes", "=", lambda w: (np.linalg.det(w.A - w.t * w.I), np.linalg.det(w.A) - w.t), "F1669"),
    ("whole-sizes", "=", lambda w: (np.trace(w.A - w.t * w.I), np.trace(w.A) - w.t), "F1670"),
    ("whole-sizes", "=", lambda w: (w.t * w.I, w.t + 0 * w.I), "F1671"),
    ("whole-sizes", "=", lambda w: (2 * w.A, w.A), "F1672"),
    ("whole-sizes", "=", lambda w: (w.A @ w.B @ w.A @ w.B, w.A @ w.A @ w.B @ w.B), "F1673"),
    ("whole-sizes", "=", lambda w: (np.linalg.inv(w.A) @ w.B, w.B @ np.linalg.inv(w.A)), "F1674"),
    ("whole-sizes", "=", lambda w: (norm(w.A @ w.x), norm(w.A) * norm(w.x)), "F1675"),
    ("condition", "=", lambda w: (np.sqrt((-3.0) ** 2), -3.0), "F1676"),
    ("condition", "=", lambda w: (abs(-0.5), -0.5), "F1677"),
    ("condition", "=", lambda w: (np.log(6.0), np.log(2.0) * np.log(3.0)), "F1678"),
    ("condition", ">", lambda w: (0.5**2, 0.5), "F1679"),
    ("condition", "<", lambda w: (1.0, -2.0), "F1680"),
    ("condition", "=", lambda w: (abs(3.0 - 1.0), 1.0 - 3.0), "F1681"),
    ("condition", "<", lambda w: (1 / 0.5, 1.0), "F1682"),
    ("condition", "=", lambda w: (abs(-2.0 * 3.0), -2.0 * 3.0), "F1683"),
    ("condition", ">", lambda w: (2.0 * -1.0, 0.0), "F1684"),
    ("condition", ">", lambda w: (-w.x.T @ w.x, 0.0), "F1685"),
    ("condition", "=", lambda w: (np.linalg.det(np.diag([-1.0, 1.0])), 1.0), "F1686"),
    ("condition", "=", lambda w: (w.Q, w.Q.T), "F1687"),
    ("condition", "=", lambda w: (w.S @ w.B, w.B @ w.S), "F1688"),
    ("condition", "=", lambda w: (w.A @ w.A.T, w.A.T @ w.A), "F1689"),
    ("condition", "=", lambda w: (np.sqrt(25.0), 3.0 + 4.0), "F1690"),
    ("condition", "<", lambda w: (np.exp(1.0), 2.0), "F1691"),
    ("condition", ">", lambda w: (np.log(0.75), 0.0), "F1692"),
    ("condition", "=", lambda w: (by(lambda x: (x.T @ w.S @ x).item(), w.x).T, w.x.T @ w.S), "F1693"),
    ("condition", "<", lambda w: (abs(-3.0), 1.0), "F1694"),
    ("condition", ">", lambda w: ((-1.0) ** 3, 0.0), "F1695"),
    ("indexed", "=", lambda w: (w.s + w.t, w.s * w.t), "F1696"),
    ("indexed", "=", lambda w: (w.A @ w.B, w.B @ w.A), "F1697"),
    ("indexed", "=", lambda w: ((w.A @ w.B).T, w.A.T @ w.B.T), "F1698"),
    ("indexed", "=", lambda w: (w.s - w.t, w.t - w.s), "F1699"),
    ("indexed", "=", lambda w: (w.s, 3 * w.t), "F1700"),
    ("indexed", "=", lambda w: (np.sum(w.v * w.x), np.sum(w.x)), "F1701"),
    ("indexed", "=", lambda w: (w.B @ w.A, w.A @ w.B), "F1702"),
    ("indexed", "=", lambda w: (w.A[0, 1], w.A[1, 0]), "F1703"),
    ("indexed", "=", lambda w: (w.s, w.t), "F1704"),
    ("indexed", "=", lambda w: (w.t, 1.0), "F1705"),
    ("mixed", "=", lambda w: (1.5, 0.5), "F1706"),
    ("mixed", "=", lambda w: (2 + 1 / 3, 2 / 3), "F1707"),
    ("mixed", "=", lambda w: (0.5, 1.5), "F1708"),
    ("mixed", "=", lambda w: (3.5, 1.0), "F1709"),
    ("mixed", "=", lambda w: (w.t, 0.0), "F1710"),
)


def breaks(relation, left, right):
    """Whether a world breaks ``left relation right`` clearly in some entry."""
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if relation != "=" or left.shape in {(), right.shape} or right.shape == ():
        gap = left - right
        far = CLEARLY * (np.abs(left) + np.abs(right))
        found = {"=": abs(gap) > far, "<": gap > far, ">": -gap > far, "!=": abs(gap) <= 1e-9 * (abs(left) + 1)}
        return bool(found[relation].all() if relation == "!=" else found[relation].any())
    return True  # two shapes


def refuted(relation, sides, worlds):
    """Whether the claim is false: broken in some world, for ``!=`` in all."""
    found = [breaks(relation, *sides(w)) for w in worlds]
    return all(found) if relation == "!=" else any(found)


def backward_is_right(w, step=1e-6):
    """Whether dW1 of a world, by the formulas above, is the slope of its loss."""

    def loss(W1):
        z2 = w.W2 @ np.tanh(W1 @ w.x + w.b1) + w.b2
        return float(np.sum(np.logaddexp(0, z2) - w.y * z2))

    slopes = np.zeros_like(w.W1)
    for place in np.ndindex(*w.W1.shape):
        unit = np.zeros_like(w.W1)
        unit[place] = step
        slopes[place] = (loss(w.W1 + unit) - loss(w.W1 - unit)) / (2 * step)
    return np.allclose(slopes, w.dW1, atol=1e-5)


def main():
    """Return the formulas whose counter-example fails, and how many were refuted."""
    worlds = [world(seed) for seed in range(WORLDS)]
    assert all(map(backward_is_right, worlds))
    wrong = [ids for _, relation, sides, ids in PROOFS if not refuted(relation, sides, worlds)]
    return wrong, len({name for *_, ids in PROOFS for name in ids.split()})


if __name__ == "__main__":
    raise SystemExit(", ".join(main()[0]) or 0)
