import threading

import numpy as np
import pytest

from datalens.core.progress import listening
from datalens.space.graph import Graph, neighbors
from datalens.space.projection import project


def blobs(each=40, dimensions=6):
    rng = np.random.default_rng(0)
    middles = np.eye(3, dimensions) * 10
    return np.concatenate([rng.normal(middle, 1, (each, dimensions)) for middle in middles]).astype(
        np.float32
    )


def placed(vectors, metric="cosine", **options):
    return project(vectors, neighbors(vectors, metric=metric), metric=metric, **options)


@pytest.mark.slow
def blobs_stay_apart_test():
    points = placed(blobs())
    assert points.shape == (120, 2)
    assert points.dtype == np.float32
    near = neighbors(points, n_neighbors=10, metric="euclidean").indices
    own = near // 40 == np.arange(120)[:, None] // 40
    assert own.mean() > 0.95


@pytest.mark.slow
def deterministic_test():
    vectors = blobs()
    np.testing.assert_array_equal(placed(vectors, n_epochs=50), placed(vectors, n_epochs=50))
    assert (placed(vectors, n_epochs=50) != placed(vectors, n_epochs=50, random_state=1)).any()


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4, 5, 6, 10, 20])
def few_rows_are_placed_test(rows, metric):
    many = blobs()
    for vectors in (many[:rows], np.ones((rows, 3)), np.zeros((rows, 3)), np.repeat(many[:2], rows, axis=0)):
        points = placed(vectors.astype(np.float32), metric, n_epochs=20)
        assert points.shape == (len(vectors), 2)
        assert np.isfinite(points).all()


def equal_rows_can_be_told_apart_test():
    points = placed(np.ones((10, 3)))
    assert len(np.unique(points, axis=0)) == 10


@pytest.mark.slow
def rows_that_are_not_finite_have_no_place_test():
    vectors = blobs()
    vectors[[0, 50]] = np.nan
    points = placed(vectors, n_epochs=20)
    assert np.flatnonzero(np.isnan(points).all(axis=1)).tolist() == [0, 50]
    assert np.isfinite(np.delete(points, [0, 50], axis=0)).all()


@pytest.mark.slow
def epochs_are_told_test():
    from umap import layouts

    before, seen = layouts.tqdm, []
    with listening(lambda *step: seen.append(step)):
        placed(blobs(), n_epochs=30)
    assert [done for label, done, total in seen if label == "placing rows"] == list(range(31))
    assert layouts.tqdm is before


@pytest.mark.slow
def interrupt_passes_through_test():
    from umap import layouts

    def interrupt(label, done, total):
        if label == "placing rows" and done == 3:
            raise KeyboardInterrupt

    before = layouts.tqdm
    with pytest.raises(KeyboardInterrupt), listening(interrupt):
        placed(blobs(), n_epochs=30)
    assert layouts.tqdm is before


@pytest.mark.slow
@pytest.mark.filterwarnings("error::UserWarning")
def no_warnings_test():
    placed(blobs(), n_epochs=20)


@pytest.mark.slow
def threads_take_turns_test():
    vectors, found = blobs(), []
    threads = [threading.Thread(target=lambda: found.append(placed(vectors, n_epochs=20))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize(
    ("graph", "options", "message"),
    [
        (neighbors(np.eye(4)), {"method": "tsne"}, "method= is one of 'umap-learn', not 'tsne'"),
        (neighbors(np.eye(4)), {"metric": "euclidean"}, "found with metric='cosine', not 'euclidean'"),
        (Graph(np.zeros((3, 1)), np.zeros((3, 1)), "cosine"), {}, "of 3 rows, the vectors of 4"),
    ],
)
def error_test(graph, options, message):
    with pytest.raises(ValueError, match=message):
        project(np.eye(4), graph, **options)
