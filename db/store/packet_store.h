// Packets of paper: what was printed, which door stands on which page, and the map about a turf.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct ListToPrint {
  base::WalkListId walk_list;
  bool is_revoked = false;
  base::MemberId leader;
  std::string leader_name;
  base::TurfId turf;
  int turf_number = 0;
  double walk_length_m = 0;
  std::string area_ewkb;
  std::string walk_ewkb;
  std::string campaign_name;
};
// NOT_FOUND naming "list_number".
absl::StatusOr<ListToPrint> FindListToPrint(Transaction& transaction, const std::string& list_number);

struct NewPacket {
  base::Uuid request;
  base::WalkListId walk_list;
  base::MemberId member;
  std::string_view paper_size;  // a4, letter
  bool large_type = false;
  int page_count = 0;
  int door_count = 0;
  base::ScriptId script = {};  // whose bubbles it has
};
// None where the request has made one already.
absl::StatusOr<std::optional<int64_t>> InsertPacket(Transaction& transaction, const NewPacket& packet);

struct PacketSummary {
  int64_t packet_id = 0;
  std::string list_number;
  int turf_number = 0;
  std::string paper_size;
  bool large_type = false;
  int page_count = 0;
  int door_count = 0;
  base::MemberId member;
  absl::Time create_time;
};
absl::StatusOr<std::optional<PacketSummary>> FindPacketOfRequest(Transaction& transaction, const base::Uuid& request);

struct PacketRow {
  int page = 0;
  int sequence = 0;
  int64_t door_id = 0;
  std::vector<int64_t> person_ids;  // in the order of their lines

  friend bool operator==(const PacketRow&, const PacketRow&) = default;
};
absl::Status InsertPacketRows(Transaction& transaction, int64_t packet_id, const std::vector<PacketRow>& rows);
// By page and number.
absl::StatusOr<std::vector<PacketRow>> ListPacketRows(Transaction& transaction, int64_t packet_id);

struct PacketQuery {
  int64_t before = 0;       // ids below; 0: from the newest
  std::string list_number;  // empty: all
  base::MemberId root;      // none: the whole campaign
  int count_max = 0;
};
absl::StatusOr<std::vector<PacketSummary>> ListPackets(Transaction& transaction, const PacketQuery& query);

// Degrees of WGS 84.
struct DegreeBox {
  double west = 0, south = 0, east = 0, north = 0;
};
struct StreetPiece {
  std::string name;
  std::string street_class;
  std::string line_ewkb;
};
struct BarrierPiece {
  bool is_area = false;
  std::string ewkb;  // of a line string or a polygon
};
// Cut off at the box; at most `count_max`.
absl::StatusOr<std::vector<StreetPiece>> StreetsAbout(Transaction& transaction, const DegreeBox& box, int count_max);
absl::StatusOr<std::vector<BarrierPiece>> BarriersAbout(Transaction& transaction, const DegreeBox& box, int count_max);

}  // namespace snowfield::db
