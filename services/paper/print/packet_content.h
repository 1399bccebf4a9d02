// What a packet says, without how it looks: the walk list with its people, the script, and the map about it.
// Thread safety: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace snowfield::paper {

struct PacketPerson {
  int64_t person_id = 0;
  std::string name = {};
  int age = 0;  // years; 0: unknown
  std::string party = {};
};

// On the map, metres east and north of one place of the turf.
struct MapPoint {
  double x = 0;
  double y = 0;
};

struct PacketDoor {
  int64_t door_id = 0;
  int sequence = 0;  // in walking order, from 1; the number on the map, and by which a clerk names the row
  std::string house_number = {};
  std::string street = {};
  std::string unit = {};
  MapPoint place = {};
  std::string pass_by = {};  // why it is to be passed by: no people, nothing to mark; empty where it is not
  std::vector<PacketPerson> people = {};
};

struct PacketQuestion {
  std::string code = {};
  std::string text = {};
  std::vector<std::string> answers = {};  // none: a line to write on
};

// A code of the wire (KNOCK_RESULT_NOT_HOME, ASK_KIND_VOLUNTEER) as paper shows it.
struct PacketCode {
  int number = 0;
  std::string sign = {};  // in the bubble: NH
  std::string meaning = {};
};

struct MapStreet {
  std::string name = {};
  bool is_main = false;
  std::vector<MapPoint> line = {};
};
struct MapBarrier {
  bool is_area = false;
  std::vector<std::vector<MapPoint>> parts = {};  // rings of an area, else lines
};
struct PacketMap {
  std::vector<std::vector<MapPoint>> outline = {};  // rings
  std::vector<MapPoint> walk = {};                  // in the order of walking
  std::vector<MapStreet> streets = {};
  std::vector<MapBarrier> barriers = {};
};

struct PacketContent {
  int64_t campaign_id = 0;
  int64_t packet_id = 0;
  int64_t script_id = 0;         // whose questions and asks these are; 0: none
  std::string list_number = {};  // eight digits
  std::string campaign_name = {};
  std::string leader_name = {};
  int turf_number = 0;
  double walk_length_m = 0;
  std::string greeting = {};
  std::vector<PacketDoor> doors = {};  // by sequence
  std::vector<PacketCode> results = {};
  std::vector<PacketQuestion> questions = {};
  std::vector<PacketCode> asks = {};
  PacketMap map = {};
};

}  // namespace snowfield::paper
