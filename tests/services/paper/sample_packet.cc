#include "tests/services/paper/sample_packet.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace snowfield::tests {
namespace {
const std::vector<std::string>& Names() {
  static const std::vector<std::string>* const names =
      new std::vector<std::string>{"Ana Petrović",
                                   "Bo Li",
                                   "מרים כהן",
                                   "فاطمة الزهراء",
                                   "Maximiliana Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh",
                                   "Đặng Thị Ngọc",
                                   "José Muñoz",
                                   "Ольга Иванова"};
  return *names;
}
}  // namespace

paper::PacketContent SamplePacket(int doors) {
  paper::PacketContent content{
      .campaign_id = 7,
      .packet_id = 412,
      .list_number = "12345672",
      .campaign_name = "Ward 3 for Schools",
      .leader_name = "Mae Okafor",
      .turf_number = 17,
      .walk_length_m = 640,
      .greeting = "Hello, I live nearby and volunteer with the campaign. Do you have two minutes?"};
  content.results = {{1, "CV", "Canvassed: someone talked"},
                     {2, "NH", "Not home"},
                     {3, "RF", "Refused"},
                     {4, "CB", "Come back later"},
                     {5, "MV", "Moved away"},
                     {6, "DC", "Deceased"},
                     {7, "WA", "Wrong address"},
                     {8, "IN", "Can't be reached"},
                     {9, "VC", "Vacant"},
                     {10, "LB", "Language"},
                     {11, "HO", "Hostile"},
                     {12, "LL", "Leaflet left"},
                     {13, "AV", "Has voted"},
                     {14, "DN", "Do not contact"}};
  content.questions = {
      {"support", "Can we count on your support? 1 is a sure yes, 5 a sure no.", {"1", "2", "3", "4", "5"}},
      {"issue", "What matters most to you?", {}}};
  content.asks = {{1, "Volunteer", "Would you help?"}, {3, "Yard sign", "May we put up a sign?"}};
  for (int i = 0; i < doors; ++i) {
    paper::PacketDoor& door = content.doors.emplace_back();
    const bool in_building = i >= doors - 6;
    door.door_id = 1000 + i;
    door.sequence = i + 1;
    door.street = i < doors / 2 ? "Elm Street Northeast" : "Kingman Place Northwest";
    door.house_number = absl::StrCat(in_building ? 200 : 100 + 2 * i + (i < doors / 4 ? 0 : 1));
    if (in_building) door.unit = absl::StrCat("Apt ", 600 - 10 * i);
    door.place = {12.0 * (i < doors / 2 ? i : doors - i), i < doors / 2 ? 10.0 : -10.0};
    if (i % 17 == 5) door.pass_by = "do not contact";
    for (int p = 0; door.pass_by.empty() && p < 1 + i % 3; ++p) {
      door.people.push_back({.person_id = 5000 + 10 * i + p,
                             .name = Names()[(i + p) % Names().size()],
                             .age = p == 1 ? 0 : 25 + (i * 7 + p) % 60,
                             .party = ""});
    }
    content.map.walk.push_back(door.place);
  }
  const double end = 6.0 * doors + 20;
  content.map.streets = {{"Elm Street Northeast", true, {{-40, 0}, {end, 0}}},
                         {"7th Street", false, {{30, -90}, {30, 90}}}};
  content.map.outline = {{{-15, -30}, {end, -30}, {end, 30}, {-15, 30}, {-15, -30}}};
  content.map.barriers = {{true, {{{-60, 50}, {end, 60}, {end, 90}, {-60, 90}, {-60, 50}}}},
                          {false, {{{-60, -60}, {end, -70}}}}};
  return content;
}

}  // namespace snowfield::tests
