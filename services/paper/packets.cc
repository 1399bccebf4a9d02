#include "services/paper/packets.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/list_number.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/packet_store.h"
#include "db/store/paper_batch_store.h"
#include "db/store/paper_scan_store.h"
#include "services/access/scope.h"
#include "services/paper/packet_source.h"
#include "services/paper/print/packet_pdf.h"
#include "services/paper/scan/printed_sheet.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::paper {
namespace {
constexpr char kPackets[] = "packets";
constexpr char kA4[] = "a4";
constexpr char kLetter[] = "letter";

struct Order {
  base::Uuid request;
  std::string list_number;
  PacketFormat format;
};
absl::StatusOr<Order> ReadOrder(const v1::PrintPacketRequest& request) {
  Order order;
  SNOWFIELD_ASSIGN_OR_RETURN(order.request, base::Uuid::Parse(request.request_id(), "request_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(order.list_number, base::ParseListNumber(request.list_number(), "list_number"));
  if (!v1::PaperSize_IsValid(request.paper_size())) {
    return base::InvalidField("paper_size", "PAPER_SIZE_UNKNOWN", "A4 or Letter");
  }
  order.format.paper = request.paper_size() == v1::PAPER_SIZE_LETTER ? PaperSize::kLetter : PaperSize::kA4;
  order.format.large_type = request.large_type();
  return order;
}

v1::Packet ToMessage(const db::PacketSummary& packet) {
  v1::Packet message;
  message.set_packet_id(packet.packet_id);
  message.set_list_number(packet.list_number);
  message.set_turf_number(packet.turf_number);
  message.set_paper_size(packet.paper_size == kLetter ? v1::PAPER_SIZE_LETTER : v1::PAPER_SIZE_A4);
  message.set_large_type(packet.large_type);
  message.set_page_count(packet.page_count);
  message.set_door_count(packet.door_count);
  message.set_member_id(packet.member.value);
  *message.mutable_create_time() = rpc::ToTimestamp(packet.create_time);
  return message;
}

std::vector<db::PacketRow> RowsOf(const std::vector<Sheet>& sheets) {
  std::vector<db::PacketRow> rows;
  for (size_t i = 0; i < sheets.size(); ++i) {
    for (const SheetRow& row : sheets[i].rows) {
      rows.push_back({.page = kPagesBeforeSheets + 1 + static_cast<int>(i),
                      .sequence = row.sequence,
                      .door_id = row.door_id,
                      .person_ids = row.person_ids});
    }
  }
  return rows;
}

std::vector<db::PrintedPage> PagesOf(const std::vector<Sheet>& sheets, const PacketFormat& format) {
  std::vector<db::PrintedPage> pages;
  for (size_t i = 0; i < sheets.size(); ++i) {
    pages.push_back({.page = kPagesBeforeSheets + 1 + static_cast<int>(i),
                     .printed = PrintedSheetOf(sheets[i], format).SerializeAsString()});
  }
  return pages;
}

// A packet ready to be drawn.
struct Made {
  db::PacketSummary summary;
  PacketContent content;
  std::vector<Sheet> sheets;
};

// The packet of this request, made where there is none, or as it was made where the list is still the same.
absl::StatusOr<db::PacketSummary> Keep(db::Transaction& transaction, const access::Caller& caller, const Order& order,
                                       base::WalkListId walk_list, const Made& made) {
  const std::vector<db::PacketRow> rows = RowsOf(made.sheets);
  SNOWFIELD_ASSIGN_OR_RETURN(
      const std::optional<int64_t> fresh,
      db::InsertPacket(transaction, {.request = order.request,
                                     .walk_list = walk_list,
                                     .member = caller.member,
                                     .paper_size = order.format.paper == PaperSize::kA4 ? kA4 : kLetter,
                                     .large_type = order.format.large_type,
                                     .page_count = kPagesBeforeSheets + static_cast<int>(made.sheets.size()),
                                     .door_count = static_cast<int>(made.content.doors.size()),
                                     .script = base::ScriptId(made.content.script_id)}));
  const std::vector<db::PrintedPage> pages = PagesOf(made.sheets, order.format);
  if (fresh.has_value()) {
    SNOWFIELD_RETURN_IF_ERROR(db::InsertPacketRows(transaction, *fresh, rows));
    SNOWFIELD_RETURN_IF_ERROR(db::InsertPrintedPages(transaction, *fresh, pages));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<db::PacketSummary> kept,
                             db::FindPacketOfRequest(transaction, order.request));
  if (!kept.has_value()) return absl::InternalError("a packet that was kept is not there");
  if (fresh.has_value()) return *kept;
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::PacketRow> then, db::ListPacketRows(transaction, kept->packet_id));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto pages_then, db::ListPrintedPages(transaction, kept->packet_id));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PacketToKey to_key,
                             db::FindPacketToKey(transaction, kept->packet_id, "request_id"));
  const bool is_same_format = kept->list_number == order.list_number && kept->large_type == order.format.large_type &&
                              (kept->paper_size == kA4) == (order.format.paper == PaperSize::kA4) &&
                              (!to_key.script || to_key.script.value == made.content.script_id) &&
                              (pages_then.empty() || pages_then == pages);
  if (!is_same_format || then != rows) {
    return base::NotNow("PACKET_OUTDATED",
                        "this packet was printed for another list or paper, or the list's doors or people or the "
                        "script have changed since: print a "
                        "new one, with a request_id of its own");
  }
  return *kept;
}

absl::StatusOr<Made> Make(db::Transaction& transaction, const access::Caller& caller, const Order& order,
                          absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::ListToPrint list, db::FindListToPrint(transaction, order.list_number));
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, list.leader, "list_number"));
  if (list.is_revoked) {
    return base::NotNow("LIST_REVOKED", "this list is no longer current: print the one that came in its place");
  }
  Made made;
  SNOWFIELD_ASSIGN_OR_RETURN(made.content, ReadPacketContent(transaction, list, order.list_number, now));
  made.sheets = LayOutSheets(made.content, order.format);
  if (kPagesBeforeSheets + made.sheets.size() > kPagesMax) {
    return base::NotNow("PACKET_TOO_LONG", absl::StrCat("a packet has at most ", kPagesMax, " pages: split the turf"));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(made.summary, Keep(transaction, caller, order, list.walk_list, made));
  made.content.packet_id = made.summary.packet_id;
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = caller.member,
                                                         .action = "packet.print",
                                                         .subject_kind = "walk_list",
                                                         .subject_id = list.walk_list.value}));
  return made;
}

}  // namespace

absl::StatusOr<PrintedPacket> Print(db::Pool& pool, const access::Call& call, const v1::PrintPacketRequest& request,
                                    absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Order order, ReadOrder(request));
  SNOWFIELD_ASSIGN_OR_RETURN(const Made made,
                             db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) {
                               return Make(transaction, call.caller, order, now);
                             }));
  PrintedPacket printed{.packet = ToMessage(made.summary), .pdf = {}};
  SNOWFIELD_ASSIGN_OR_RETURN(printed.pdf, DrawPacket(made.content, order.format, made.sheets));
  return printed;
}

absl::StatusOr<v1::ListPacketsResponse> List(db::Transaction& transaction, const access::Caller& caller,
                                             const v1::ListPacketsRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kPackets, request.page_size(), request.page_token()));
  db::PacketQuery query{
      .before = page.after, .list_number = {}, .root = access::BranchRoot(caller), .count_max = page.size + 1};
  if (!request.list_number().empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(query.list_number, base::ParseListNumber(request.list_number(), "list_number"));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::PacketSummary> packets, db::ListPackets(transaction, query));
  v1::ListPacketsResponse response;
  if (packets.size() > static_cast<size_t>(page.size)) {
    packets.pop_back();
    response.set_next_page_token(rpc::NextPageToken(kPackets, packets.back().packet_id));
  }
  for (const db::PacketSummary& packet : packets) *response.add_packets() = ToMessage(packet);
  return response;
}

}  // namespace snowfield::paper
