"""The numbers of the book's network, 4-3-2, and of its five examples: those of `backprop.book`.

They stand here too because a reader's browser, where the checker shows a formula with numbers, has no NumPy and so no
`backprop`. Where there is one, every draw of the network is compared with it, and this one in a test.
"""

W1 = [[0.2, -0.5, 0.1, 0.4], [-0.3, 0.8, 0.6, -0.1], [0.7, 0.3, -0.4, 0.5]]
b1 = [[0.1], [0.3], [-0.3]]
W2 = [[0.9, -0.6, 0.4], [-0.7, 0.5, 0.8]]
b2 = [[-0.1], [0.2]]
X = [
    [1.0, 0.5, -1.0, 0.0, 2.0],
    [-2.0, 1.5, 0.5, 1.0, -0.5],
    [0.5, -1.0, 2.0, -0.5, 1.0],
    [1.5, 0.0, -0.5, -2.0, 0.5],
]
Y = [[1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0, 0.0]]
#: What the chapter on softmax adds: a third output, and a class for each example.
W3, b3, CLASSES = [0.1, 0.3, -0.5], [0.1], (0, 2, 1, 0, 2)

__all__ = ["CLASSES", "W1", "W2", "W3", "X", "Y", "b1", "b2", "b3"]
