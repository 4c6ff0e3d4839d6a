"""The poses of every action, and the curves through them."""

import numpy as np

from lstm_lib.datasets.figure_poses import ACTIONS, JOINTS, REVERSALS, pose_at


def test_poses_have_a_number_for_each_joint():
    for action in ACTIONS.values():
        assert all(len(pose) == len(JOINTS) for pose in action.poses)
    assert set(REVERSALS.values()) <= set(ACTIONS)
    assert not set(REVERSALS) & set(ACTIONS)


def test_curves_go_through_their_poses():
    walk = ACTIONS["walk"]
    poses = pose_at(walk, np.array([0.0, 0.25, 0.5, 0.75, 1.0, 3.25]))
    np.testing.assert_allclose(poses[:4], walk.poses)
    np.testing.assert_allclose(poses[4], walk.poses[0])
    np.testing.assert_allclose(poses[5], walk.poses[1])
    sit = ACTIONS["sit down"]
    np.testing.assert_allclose(
        pose_at(sit, np.array([-1.0, 0.0, 1.0, 2.0])), [sit.poses[0]] * 2 + [sit.poses[1]] * 2
    )
    middle = pose_at(sit, np.array([0.5]))[0]
    np.testing.assert_allclose(middle, np.mean(sit.poses, axis=0))
