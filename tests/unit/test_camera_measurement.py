"""Bit rate, frame rate and key frames, from packets in simulated time."""

import pytest

from kvs_edge_gitops.camera.measurement import Packet, measure


def stream(*, count=50, fps=25.0, size=1000, key_every=25, key_size=10_000, start=100.0, media_start=0.0):
    """Return the packets of a regular camera."""
    return [
        Packet(
            arrived=start + number / fps,
            size=key_size if number % key_every == 0 else size,
            media_time=media_start + number / fps,
            is_key=number % key_every == 0,
        )
        for number in range(count)
    ]


def test_a_regular_camera():
    measured = measure(stream())
    # Two seconds, each with a key frame of 10,000 bytes and 24 frames of 1,000.
    assert measured.mean_bit_rate == measured.peak_bit_rate == 8 * 34_000
    assert measured.frames_per_second == pytest.approx(25)
    assert measured.seconds == pytest.approx(2)
    assert measured.key_frame_seconds == pytest.approx(1)
    assert measured.is_regular


def test_the_peak_is_the_second_with_the_most_bits():
    packets = stream(count=100)
    packets[60:70] = [packet._replace(size=20_000) for packet in packets[60:70]]
    measured = measure(packets)
    assert measured.peak_bit_rate == 8 * (10_000 + 14 * 1000 + 10 * 20_000)
    assert measured.peak_bit_rate > measured.mean_bit_rate


def test_a_burst_at_the_start_does_not_raise_the_rate():
    """FFmpeg holds packets back while it opens a stream."""
    packets = [packet._replace(arrived=max(packet.arrived, 101.5)) for packet in stream()]
    assert measure(packets) == measure(stream())


def test_the_first_packet_has_no_time_in_ffmpeg():
    packets = stream()
    packets[0] = packets[0]._replace(media_time=None)
    assert measure(packets).mean_bit_rate == measure(stream()).mean_bit_rate


@pytest.mark.parametrize(
    "times",
    [
        lambda number: 10 - number / 25,  # backwards
        lambda number: number / 250,  # ten times too slow
        lambda number: number * 10,  # far too fast
        lambda number: None,
    ],
)
def test_packets_count_as_they_arrive_if_the_cameras_clock_is_wrong(times):
    packets = [packet._replace(media_time=times(number)) for number, packet in enumerate(stream(count=250))]
    measured = measure(packets)
    assert not measured.is_regular
    assert measured.mean_bit_rate == pytest.approx(measure(stream(count=250)).mean_bit_rate)


def test_one_key_frame_says_nothing_about_their_distance():
    assert measure(stream(count=20)).key_frame_seconds is None


@pytest.mark.parametrize("packets", [[], stream(count=2), [Packet(1.0, 10, 1.0, True)] * 5])
def test_too_few_packets_are_not_measured(packets):
    assert measure(packets) is None
