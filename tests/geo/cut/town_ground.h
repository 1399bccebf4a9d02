// A seeded town as the parts of the engine see it: ground, atoms and near table.
#pragma once

#include <cstdint>

#include "geo/cut/atoms.h"
#include "geo/cut/near_table.h"
#include "tests/support/ascii_town.h"

namespace snowfield::geo {

struct TownGround {
  CutInput input;
  LoadRule rule;
  Ground ground;
  AtomGraph graph;
  NearTable near;
};

inline CutOptions TownOptions(int target, int threads = 1) {
  CutOptions options;
  options.target_doors = target;
  options.threads = threads;
  return options;
}

inline Ground GroundOf(const CutInput& input) {
  std::vector<LonLat> places;
  for (const CutDoor& door : input.doors) places.push_back(door.position);
  const Frame frame = Frame::AboutAll(places, "doors").value();
  StreetNetwork network = BuildNetwork(input, frame).value();
  std::vector<GroundStop> stops = PlaceStops(input, frame, network, 1, nullptr).value();
  return {frame, std::move(network), std::move(stops)};
}

inline TownGround MakeTownGround(int blocks, uint64_t seed, const CutOptions& options) {
  CutInput input = testing::SeededTown(blocks, seed);
  const LoadRule rule = ResolveLoad(options).value();
  Ground ground = GroundOf(input);
  AtomGraph graph = BuildAtoms(ground, rule);
  NearTable near = NearTable::Build(ground, graph, 1, nullptr);
  return {std::move(input), rule, std::move(ground), std::move(graph), std::move(near)};
}

}  // namespace snowfield::geo
