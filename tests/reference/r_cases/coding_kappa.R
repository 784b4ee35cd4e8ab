# Two coders who give each of some pieces one of some themes or several: present or absent, theme by theme.
library(vcd); library(psych); library(jsonlite)
set.seed(20261122)
table2 <- function(a, b) table(factor(a, c(FALSE, TRUE)), factor(b, c(FALSE, TRUE)))
cases <- lapply(1:60, function(i) {
  n <- sample(5:120, 1); themes <- sample(1:6, 1); share <- runif(themes, .05, .7); agree <- runif(1, .2, .95)
  first <- sapply(share, function(p) runif(n) < p)
  second <- sapply(1:themes, function(t) ifelse(runif(n) < agree, first[, t], runif(n) < share[t]))
  whole <- Reduce(`+`, lapply(1:themes, function(t) table2(first[, t], second[, t])))
  each <- sapply(1:themes, function(t) {
    m <- table2(first[, t], second[, t])
    chance <- sum(rowSums(m) * colSums(m)) / sum(m)^2
    if (chance < 1) unname(Kappa(m)$Unweighted["value"]) else NA
  })
  list(first = 1 * first, second = 1 * second, kappa = as.list(each), pooled = unname(Kappa(whole)$Unweighted["value"]),
       pooled_psych = unname(cohen.kappa(unclass(whole))$kappa), agreed = sum(diag(whole)) / sum(whole))
})
cat(toJSON(list(
  versions = list(R = R.version.string, vcd = as.character(packageVersion("vcd")), psych = as.character(packageVersion("psych"))),
  cases = cases
), digits = NA, auto_unbox = TRUE, matrix = "rowmajor", na = "null"))
