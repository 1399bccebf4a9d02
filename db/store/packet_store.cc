#include "db/store/packet_store.h"

#include "base/status.h"
#include "db/queries/packet_queries.h"

namespace snowfield::db {
namespace {

PacketSummary SummaryOf(const Row& row) {
  return {.packet_id = row.Int64(0),
          .list_number = std::string(row.Text(1)),
          .turf_number = row.Int32(2),
          .paper_size = std::string(row.Text(3)),
          .large_type = row.Bool(4),
          .page_count = row.Int32(5),
          .door_count = row.Int32(6),
          .member = row.Id<base::MemberId>(7),
          .create_time = row.Time(8)};
}

Params BoxParams(const Transaction& transaction, const DegreeBox& box, int count_max) {
  return Params()
      .Id(transaction.campaign())
      .Double(box.west)
      .Double(box.south)
      .Double(box.east)
      .Double(box.north)
      .Int64(count_max);
}

}  // namespace

absl::StatusOr<ListToPrint> FindListToPrint(Transaction& transaction, const std::string& list_number) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kFindListToPrint, Params().Id(transaction.campaign()).Text(list_number)));
  if (result.empty()) return base::NoSuch("list_number", "there is no walk list with this number");
  const Row row = result[0];
  return ListToPrint{.walk_list = row.Id<base::WalkListId>(0),
                     .is_revoked = row.Bool(1),
                     .leader = row.Id<base::MemberId>(2),
                     .leader_name = std::string(row.Text(3)),
                     .turf = row.Id<base::TurfId>(4),
                     .turf_number = row.Int32(5),
                     .walk_length_m = row.Double(6),
                     .area_ewkb = std::string(row.Bytea(7)),
                     .walk_ewkb = std::string(row.Bytea(8)),
                     .campaign_name = std::string(row.Text(9))};
}

absl::StatusOr<std::optional<int64_t>> InsertPacket(Transaction& transaction, const NewPacket& packet) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kInsertPacket, Params()
                                                                         .Id(transaction.campaign())
                                                                         .Uuid(packet.request)
                                                                         .Id(packet.walk_list)
                                                                         .Id(packet.member)
                                                                         .Text(packet.paper_size)
                                                                         .Bool(packet.large_type)
                                                                         .Int64(packet.page_count)
                                                                         .Int64(packet.door_count)
                                                                         .Id(packet.script)));
  if (result.empty()) return std::nullopt;
  return result[0].Int64(0);
}

absl::StatusOr<std::optional<PacketSummary>> FindPacketOfRequest(Transaction& transaction, const base::Uuid& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindPacketOfRequest,
                                                                  Params().Id(transaction.campaign()).Uuid(request)));
  if (result.empty()) return std::nullopt;
  return SummaryOf(result[0]);
}

absl::Status InsertPacketRows(Transaction& transaction, int64_t packet_id, const std::vector<PacketRow>& rows) {
  std::vector<int32_t> pages, sequences, counts;
  std::vector<int64_t> doors, people;
  for (const PacketRow& row : rows) {
    pages.push_back(row.page);
    sequences.push_back(row.sequence);
    doors.push_back(row.door_id);
    counts.push_back(static_cast<int32_t>(row.person_ids.size()));
    people.insert(people.end(), row.person_ids.begin(), row.person_ids.end());
  }
  return transaction
      .Run(queries::kInsertPacketRows, Params()
                                           .Id(transaction.campaign())
                                           .Int64(packet_id)
                                           .Int32s(pages)
                                           .Int32s(sequences)
                                           .Int64s(doors)
                                           .Int32s(counts)
                                           .Int64s(people))
      .status();
}

absl::StatusOr<std::vector<PacketRow>> ListPacketRows(Transaction& transaction, int64_t packet_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListPacketRows, Params().Id(transaction.campaign()).Int64(packet_id)));
  std::vector<PacketRow> rows;
  for (const Row& row : result) {
    rows.push_back(
        {.page = row.Int32(0), .sequence = row.Int32(1), .door_id = row.Int64(2), .person_ids = row.Int64s(3)});
  }
  return rows;
}

absl::StatusOr<std::vector<PacketSummary>> ListPackets(Transaction& transaction, const PacketQuery& query) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListPackets, Params()
                                                                                             .Id(transaction.campaign())
                                                                                             .Int64(query.before)
                                                                                             .Text(query.list_number)
                                                                                             .Int64(query.root.value)
                                                                                             .Int64(query.count_max)));
  std::vector<PacketSummary> packets;
  for (const Row& row : result) packets.push_back(SummaryOf(row));
  return packets;
}

absl::StatusOr<std::vector<StreetPiece>> StreetsAbout(Transaction& transaction, const DegreeBox& box, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kStreetsAbout, BoxParams(transaction, box, count_max)));
  std::vector<StreetPiece> pieces;
  for (const Row& row : result) {
    pieces.push_back({.name = std::string(row.Text(0)),
                      .street_class = std::string(row.Text(1)),
                      .line_ewkb = std::string(row.Bytea(2))});
  }
  return pieces;
}

absl::StatusOr<std::vector<BarrierPiece>> BarriersAbout(Transaction& transaction, const DegreeBox& box, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kBarriersAbout, BoxParams(transaction, box, count_max)));
  std::vector<BarrierPiece> pieces;
  for (const Row& row : result) pieces.push_back({.is_area = row.Bool(0), .ewkb = std::string(row.Bytea(1))});
  return pieces;
}

}  // namespace snowfield::db
