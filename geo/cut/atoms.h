// Atoms: what a cut moves as one, a few neighbouring stops of one block face, and the graph of which atoms lie side by
// side on the walk network. Internal to geo/cut.
//
// The ground between atoms is shared out: each corner of the network belongs to the atom that is nearest to walk to
// (Erwig 2000, the graph Voronoi diagram). Atoms are neighbours where their grounds touch. So a set of atoms that is
// connected in this graph can be walked without going through another set's ground.
// Each kept boundary shares out the ground among its own atoms; atoms of different boundaries are never neighbours.
// Atoms on no street are neighbours by the Delaunay triangulation of their stops, except over a barrier. Thread safety:
// immutable once built.
#pragma once

#include <vector>

#include "geo/cut/ground.h"
#include "geo/cut/load.h"

namespace snowfield::geo {

// Doors of one stop: all of them, or a part of a building that is larger than a turf.
struct AtomStop {
  int stop = 0;
  int first_door = 0;  // within GroundStop.doors
  int door_count = 0;
};

struct Atom {
  std::vector<AtomStop> stops;  // along the face
  int door_count = 0;
  int load = 0;  // LoadRule units: its doors, and what walking along it and on to the next is thought to take
  int boundary = -1;
  int previous_turf = -1;  // of all its doors
  int face = -1;
  double low_m = 0;  // offsets of the first and last stop on the face
  double high_m = 0;
  PointM centre;
  bool whole_turf = false;  // a part of a building that is a turf of its own
};

struct AtomEdge {
  int to = 0;
  float distance_m = 0;  // from end to end, with crossing costs
};

struct AtomGraph {
  std::vector<Atom> atoms;
  std::vector<int> edge_start;  // atoms.size() + 1
  std::vector<AtomEdge> edges;  // by `to`
  // Atoms that can be reached from one another have one cell; a whole turf is a cell of its own.
  std::vector<int> cell;
  int cell_count = 0;
  std::vector<int> previous_doors;  // as in Ground

  const AtomEdge* Begin(int atom) const { return edges.data() + edge_start[atom]; }
  const AtomEdge* End(int atom) const { return edges.data() + edge_start[atom + 1]; }
};

AtomGraph BuildAtoms(const Ground& ground, const LoadRule& rule);

int64_t LoadOf(const AtomGraph& graph, const std::vector<int>& atoms);
// The atoms by pieces, each of which can be walked on its own ground.
std::vector<std::vector<int>> PiecesOf(const AtomGraph& graph, const std::vector<int>& atoms);
int CountPieces(const AtomGraph& graph, const std::vector<int>& atoms);
// True where the atoms are a previous turf that is to be let be: all of its doors, and no others.
bool IsAsBefore(const AtomGraph& graph, const std::vector<int>& atoms);

}  // namespace snowfield::geo
